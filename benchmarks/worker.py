"""One measurement in a process of its own, pinned to one core: `python worker.py ROW CONFIG CORE SCALE`.

Protocol on stdout / stdin: prints `ready` after its warm-up; for every line it gets, measures and prints a JSON line
{name, config, steps_per_second, seconds, cpu_seconds, steps, mean_return, compile_s, rss_mb}, and `ratio` of a row that
compares inside its process. `compile_s` is the warm-up: compilation and the first update. `rss_mb` is the peak of the
whole process. `cpu_seconds` well below `seconds` means that somebody else had the core: the measurement is spoilt.
"""

import json
import os
import resource
import sys
import time


def main() -> None:
    name, config, core, scale = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
    os.sched_setaffinity(0, {core})  # before JAX or torch count their threads
    import rows

    begin = time.perf_counter()
    run = rows.ROWS[name](config, scale)
    compile_s = time.perf_counter() - begin
    print("ready", flush=True)
    for _ in sys.stdin:
        begin, begin_cpu = time.perf_counter(), time.process_time()
        steps, mean_return, *ratio = run()
        seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - begin_cpu
        result = {"name": name, "config": config, "steps_per_second": steps / seconds, "seconds": seconds}
        result |= {"cpu_seconds": cpu_seconds, "steps": steps, "mean_return": mean_return, "compile_s": compile_s}
        result |= {"ratio": ratio[0]} if ratio else {}
        result["rss_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
