package main

// ringBenchmark: 1,000 goroutines hand a number round, each one less, until it is zero.
func ringBenchmark() {
	const size, hops = 1000, 200000
	first, done := make(chan int), make(chan bool)
	from := first
	for i := 0; i < size; i++ {
		to := first
		if i < size-1 {
			to = make(chan int)
		}
		go func(from, to chan int) {
			for {
				if n := <-from; n == 0 {
					done <- true
				} else {
					to <- n - 1
				}
			}
		}(from, to)
		from = to
	}
	report(nanoseconds(hops, func() {
		first <- hops
		<-done
	}))
}
