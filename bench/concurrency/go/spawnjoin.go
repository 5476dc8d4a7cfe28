package main

// spawnJoinBenchmark starts a goroutine and waits for its value, one after the other.
func spawnJoinBenchmark() {
	const spawns = 100000
	report(nanoseconds(spawns, func() {
		for i := 0; i < spawns; i++ {
			value := make(chan int)
			go func() { value <- i }()
			if <-value != i {
				panic(i)
			}
		}
	}))
}
