package main

import (
	"fmt"
	"runtime"
)

// idleBenchmark: what each of a million goroutines that wait on a channel takes.
func idleBenchmark() {
	const count = 1000000
	c := make(chan int)
	before := memory()
	for i := 0; i < count; i++ {
		go func() { <-c }()
	}
	for i := 0; i < 100; i++ {
		runtime.Gosched()
	}
	bytes := (memory() - before) / count
	close(c)
	fmt.Printf("@@ bytes=%.0f\n", bytes)
}
