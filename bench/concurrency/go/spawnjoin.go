package main

import "fmt"

// spawnJoinBenchmark starts a goroutine and waits for its value, one after the other.
func spawnJoinBenchmark() {
	const spawns = 100000
	ns := nanoseconds(spawns, func() {
		for i := 0; i < spawns; i++ {
			value := make(chan int)
			go func() { value <- i }()
			if <-value != i {
				panic(i)
			}
		}
	})
	fmt.Printf("@@ ns=%.1f\n", ns)
}
