// The benchmarks' Go side: one program, the benchmark's name as its argument, one line of figures as its output.
package main

import (
	"fmt"
	"os"
	"runtime"
	"sort"
	"strconv"
	"syscall"
	"time"
)

var benchmarks = map[string]func(){
	"skynet":             skynetBenchmark,
	"ring":               ringBenchmark,
	"ping-pong":          pingPongBenchmark,
	"ping-pong-isolates": pingPongBenchmark, // Go has one heap only: the same program.
	"spawn-join":         spawnJoinBenchmark,
	"idle-task":          idleBenchmark,
	"sleep":              sleepBenchmark,
	"parallel":           parallelBenchmark,
}

func main() {
	run := benchmarks[os.Args[1]]
	if run == nil {
		fmt.Println("@@ none")
		return
	}
	run()
}

// setting is a number from the environment, as the script passes it.
func setting(name string, otherwise float64) float64 {
	if value, err := strconv.ParseFloat(os.Getenv(name), 64); err == nil {
		return value
	}
	return otherwise
}

// nanoseconds is the median time of an operation, over rounds of so many of them each, after warm-up rounds; and
// the mean CPU time of one.
func nanoseconds(operations int, round func()) (float64, float64) {
	warm := time.Now().Add(time.Duration(setting("BENCH_WARMUP", 1) * 0.25 * float64(time.Second)))
	for first := true; first || time.Now().Before(warm); first = false {
		round()
	}
	var times []float64
	rounds := int(setting("BENCH_ROUNDS", 7))
	used := cpu()
	for i := 0; i < rounds; i++ {
		begin := time.Now()
		round()
		times = append(times, float64(time.Since(begin).Nanoseconds())/float64(operations))
	}
	return quantile(times, 0.5), (cpu() - used) / float64(operations*rounds)
}

// cpu is what the process has had of all cores, in nanoseconds.
func cpu() float64 {
	var usage syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &usage)
	return float64(usage.Utime.Nano() + usage.Stime.Nano())
}

func report(ns, cpu float64) {
	fmt.Printf("@@ ns=%.1f ns-cpu=%.1f\n", ns, cpu)
}

func quantile(values []float64, q float64) float64 {
	sort.Float64s(values)
	return values[int(float64(len(values)-1)*q+0.5)]
}

// memory is what the process holds, in bytes, once what is free is given back.
func memory() float64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse + m.GCSys + m.OtherSys + m.MSpanInuse)
}
