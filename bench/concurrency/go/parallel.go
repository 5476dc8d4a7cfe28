package main

import (
	"fmt"
	"runtime"
	"sync"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// parallelBenchmark: how many times faster the elements are on all cores than one after the other.
func parallelBenchmark() {
	const elements = 64
	alone, _ := nanoseconds(1, func() {
		for i := 0; i < elements; i++ {
			fib(28)
		}
	})
	together, _ := nanoseconds(1, func() {
		var all sync.WaitGroup
		for w := 0; w < runtime.GOMAXPROCS(0); w++ {
			all.Add(1)
			go func(w int) {
				for i := w; i < elements; i += runtime.GOMAXPROCS(0) {
					fib(28)
				}
				all.Done()
			}(w)
		}
		all.Wait()
	})
	fmt.Printf("@@ speedup=%.2f\n", alone/together)
}
