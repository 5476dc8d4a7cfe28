package main

import (
	"fmt"
	"runtime"
	"time"
)

var ended bool

// sleepBenchmark: how late a sleep of 5 ms ends, in ms, with a busy loop on every core.
func sleepBenchmark() {
	for i := 0; i < runtime.GOMAXPROCS(0); i++ {
		go func() {
			for !ended {
			}
		}()
	}
	var late []float64
	for i := 0; i < int(setting("BENCH_SLEEPS", 300)); i++ {
		begin := time.Now()
		time.Sleep(5 * time.Millisecond)
		late = append(late, float64(time.Since(begin).Microseconds())/1000-5)
	}
	fmt.Printf("@@ p99=%.2f median=%.2f max=%.2f\n", quantile(late, 0.99), quantile(late, 0.5), quantile(late, 1))
}
