package main

// skynet sends the sum of size numbers from num on, added up by a tree of goroutines with ten children each.
func skynet(c chan int, num, size int) {
	if size == 1 {
		c <- num
		return
	}
	children := make(chan int)
	for i := 0; i < 10; i++ {
		go skynet(children, num+i*(size/10), size/10)
	}
	sum := 0
	for i := 0; i < 10; i++ {
		sum += <-children
	}
	c <- sum
}

func skynetBenchmark() {
	const size = 1000000
	report(nanoseconds(size, func() {
		c := make(chan int)
		go skynet(c, 0, size)
		if sum := <-c; sum != 499999500000 {
			panic(sum)
		}
	}))
}
