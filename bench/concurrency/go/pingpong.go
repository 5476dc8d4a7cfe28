package main

// pingPongBenchmark: two goroutines, two channels; one operation is there and back.
func pingPongBenchmark() {
	const trips = 100000
	report(nanoseconds(trips, func() {
		there, back := make(chan int), make(chan int)
		go func() {
			for i := 0; i < trips; i++ {
				back <- <-there
			}
		}()
		for i := 0; i < trips; i++ {
			there <- i
			if <-back != i {
				panic(i)
			}
		}
	}))
}
