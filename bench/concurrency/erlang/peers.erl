%% The benchmarks' Erlang side: peers:main(NAME), one line of figures as its output.
-module(peers).
-export([main/1]).

main([Name]) ->
    benchmark(Name),
    halt().

benchmark('skynet') ->
    Size = 1000000,
    figure("ns", nanoseconds(Size, fun() ->
        Self = self(),
        spawn(fun() -> skynet(Self, 0, Size) end),
        receive 499999500000 -> ok end
    end));
benchmark('ring') ->
    Hops = 200000,
    Self = self(),
    First = spawn(fun() -> ring(1000, self(), Self) end),
    figure("ns", nanoseconds(Hops, fun() -> First ! Hops, receive done -> ok end end));
benchmark('ping-pong') -> ping_pong();
benchmark('ping-pong-isolates') -> ping_pong();
benchmark('spawn-join') -> spawn_join(100000);
benchmark('fork-join') -> spawn_join(100000);
benchmark('idle-task') -> idle(1000000);
benchmark('idle-isolate') -> idle(100000);
benchmark('sleep') ->
    Busy = busy(),
    Late = [late() || _ <- lists:seq(1, trunc(setting("BENCH_SLEEPS", 300)))],
    [exit(B, kill) || B <- Busy],
    io:format("@@ p99=~.2f median=~.2f max=~.2f~n", [quantile(Late, Q) || Q <- [0.99, 0.5, 1.0]]);
benchmark('cancel') ->
    Times = [kill_one() || _ <- lists:seq(1, 20)],
    io:format("@@ kill-max=~.3f kill-median=~.3f~n", [quantile(Times, 1.0), quantile(Times, 0.5)]);
benchmark('parallel') ->
    Work = [fun() -> fib(23) end || _ <- lists:seq(1, 64)],
    Alone = fun() -> [F() || F <- Work] end,
    Together = fun() ->
        Tasks = [spawn_monitor(fun() -> exit(F()) end) || F <- Work],
        [receive {'DOWN', M, _, _, _} -> ok end || {_, M} <- Tasks]
    end,
    %% The least times of many short rounds in turn: whatever else runs there can only add to a time.
    {Ones, Others} = lists:unzip([{element(1, timer:tc(Alone)), element(1, timer:tc(Together))}
                                  || _ <- lists:seq(1, 10 * trunc(setting("BENCH_ROUNDS", 7)))]),
    io:format("@@ speedup=~.2f~n", [lists:min(Ones) / lists:min(Others)]);
benchmark(_) -> io:format("@@ none~n").

skynet(To, Num, 1) -> To ! Num;
skynet(To, Num, Size) ->
    Self = self(),
    Part = Size div 10,
    [spawn(fun() -> skynet(Self, Num + I * Part, Part) end) || I <- lists:seq(0, 9)],
    To ! lists:sum([receive Sum -> Sum end || _ <- lists:seq(0, 9)]).

%% Process number N of the ring, which makes those after it.
ring(1, First, Done) -> pass(First, Done);
ring(N, First, Done) -> pass(spawn(fun() -> ring(N - 1, First, Done) end), Done).

pass(Next, Done) ->
    receive
        0 -> Done ! done;
        N -> Next ! N - 1
    end,
    pass(Next, Done).

ping_pong() ->
    Trips = 100000,
    figure("ns", nanoseconds(Trips, fun() ->
        Other = spawn(fun Echo() -> receive {From, I} -> From ! I, Echo(); stop -> ok end end),
        repeat(Trips, fun(I) -> Other ! {self(), I}, receive I -> ok end end),
        Other ! stop
    end)).

spawn_join(Spawns) ->
    figure("ns", nanoseconds(Spawns, fun() ->
        repeat(Spawns, fun(I) ->
            {_, M} = spawn_monitor(fun() -> exit(I) end),
            receive {'DOWN', M, _, _, I} -> ok end
        end)
    end)).

idle(Count) ->
    erlang:garbage_collect(),
    Before = erlang:memory(total),
    Idle = [spawn(fun() -> receive stop -> ok end end) || _ <- lists:seq(1, Count)],
    erlang:garbage_collect(),
    Bytes = (erlang:memory(total) - Before - 16 * Count) / Count, % without the list
    [P ! stop || P <- Idle],
    figure("bytes", Bytes).

busy() -> [spawn(fun Loop() -> Loop() end) || _ <- lists:seq(1, erlang:system_info(schedulers_online))].

late() ->
    Begin = erlang:monotonic_time(microsecond),
    receive after 5 -> ok end,
    (erlang:monotonic_time(microsecond) - Begin) / 1000 - 5.

kill_one() ->
    Busy = [B | _] = busy(),
    receive after 20 -> ok end,
    M = monitor(process, B),
    Begin = erlang:monotonic_time(microsecond),
    exit(B, kill),
    receive {'DOWN', M, _, _, _} -> ok end,
    Time = (erlang:monotonic_time(microsecond) - Begin) / 1000,
    [exit(P, kill) || P <- Busy],
    Time.

fib(N) when N < 2 -> N;
fib(N) -> fib(N - 1) + fib(N - 2).

repeat(0, _) -> ok;
repeat(N, F) -> F(N), repeat(N - 1, F).

%% The median time of an operation, over rounds of so many of them each, after warm-up rounds.
nanoseconds(Operations, Round) ->
    warm(Round, erlang:monotonic_time(millisecond) + trunc(setting("BENCH_WARMUP", 1) * 250)),
    quantile([time(Round) / Operations || _ <- lists:seq(1, trunc(setting("BENCH_ROUNDS", 7)))], 0.5).

warm(Round, Until) ->
    Round(),
    case erlang:monotonic_time(millisecond) < Until of
        true -> warm(Round, Until);
        false -> ok
    end.

time(Round) ->
    Begin = erlang:monotonic_time(nanosecond),
    Round(),
    erlang:monotonic_time(nanosecond) - Begin.

quantile(Values, Q) -> lists:nth(1 + round((length(Values) - 1) * Q), lists:sort(Values)).

setting(Name, Otherwise) ->
    case os:getenv(Name) of
        false -> Otherwise;
        Value ->
            case string:to_float(Value) of
                {error, _} -> list_to_integer(Value);
                {Float, _} -> Float
            end
    end.

figure(Key, Value) -> io:format("@@ ~s=~.1f~n", [Key, float(Value)]).
