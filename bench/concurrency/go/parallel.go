package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"
)

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

// parallelBenchmark: how many times faster the elements are on all cores than one after the other, by the least times
// of many short rounds in turn: whatever else runs on a shared machine can only add to a time.
func parallelBenchmark() {
	const elements = 64
	alone := func() {
		for i := 0; i < elements; i++ {
			fib(27)
		}
	}
	together := func() {
		var all sync.WaitGroup
		for w := 0; w < runtime.GOMAXPROCS(0); w++ {
			all.Add(1)
			go func(w int) {
				for i := w; i < elements; i += runtime.GOMAXPROCS(0) {
					fib(27)
				}
				all.Done()
			}(w)
		}
		all.Wait()
	}
	bestAlone, bestTogether := time.Hour, time.Hour
	for i := 0; i < 10*int(setting("BENCH_ROUNDS", 7)); i++ {
		begin := time.Now()
		alone()
		middle := time.Now()
		together()
		end := time.Now()
		if middle.Sub(begin) < bestAlone {
			bestAlone = middle.Sub(begin)
		}
		if end.Sub(middle) < bestTogether {
			bestTogether = end.Sub(middle)
		}
	}
	fmt.Printf("@@ speedup=%.2f\n", float64(bestAlone)/float64(bestTogether))
}
