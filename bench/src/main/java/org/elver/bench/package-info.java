/**
 * Benchmarks of the heap.
 *
 * <p>{@link org.elver.bench.Bars} runs the JMH benchmarks of this package ({@code ForkBench},
 * {@code ListWalkBench}, {@code VersionedReadBench}, {@code FirstWriteBench}, {@code
 * LaterWriteBench}) in one run and prints each bar of the heap with what was measured beside it.
 * {@link org.elver.bench.FlatCurves} measures what must not grow: heap and access times over a
 * million forks, a million living children, long chains, and large payloads. The script {@code
 * bench/run} builds what is needed and starts either.
 *
 * <p><b>What makes the comparisons fair.</b> A peer is a plain class with the same fields, built in
 * the same order, followed by a full collection, so that both lie in memory alike. All walks are
 * over memory, with the next object read from the one before, so that no check can move out of a
 * loop. Every JVM that measures heap objects has first read and written versioned ones ({@code
 * Mixture}): the compiler then knows the slow paths and must keep them, as in a real program,
 * instead of betting that they never happen.
 */
package org.elver.bench;
