/** What of the machine's memory is a function's: it is told, and held to what the function may have. */
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { zipOf } from "../../../../test/zip.ts";

/** What a handler in Python of 128 MB came to. */
async function ran(code: string) {
  const world = await functionWorld();
  const Code = { ZipFile: zipOf({ "index.py": code }) };
  await world.create("f", "", { Runtime: "python3.13", Code, MemorySize: 128, Timeout: 20 });
  const { answer, error, log } = await world.invoke("f", {}, { LogType: "Tail" });
  return { answer, error, usedMb: Number(/Max Memory Used: (\d+) MB/.exec(log)?.[1]) };
}

// Source: https://docs.kernel.org/admin-guide/mm/concepts.html (page cache: taken back when there is no other)
test("what a function maps of files is not its memory", async () => {
  const { answer, usedMb } = await ran(`
import mmap, os, time
def handler(event, context):
    mapped = []
    for folder, _, names in os.walk("/usr"):
        for name in names:
            path = os.path.join(folder, name)
            if not os.path.isfile(path) or os.path.getsize(path) < 4096 or not os.access(path, os.R_OK):
                continue
            with open(path, "rb") as file:
                mapped.append(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
            sum(mapped[-1][at] for at in range(0, len(mapped[-1]), 4096))
            if sum(map(len, mapped)) > 96 * 1024 * 1024 or len(mapped) > 1000:
                time.sleep(0.3)
                return "mapped"
`);
  expect(answer).toBe("mapped");
  expect(usedMb).toBeLessThan(64);
});

/** Each takes 160 MB, and waits for its end. */
const TAKERS = {
  "memory that it shares": `
    shared = mmap.mmap(-1, MUCH)
    shared.write(b"x" * (MUCH // 2))
    shared.write(b"x" * (MUCH // 2))
    time.sleep(15)`,
  "a process that another of its threads began": `
    taker = threading.Thread(target=lambda: subprocess.run([sys.executable, "-c", TAKE]))
    taker.start()
    taker.join()`,
  "a process that has let go of it": `
    subprocess.run(["setsid", "sh", "-c", '"$@" >/dev/null 2>&1 &', "sh", sys.executable, "-c", TAKE])
    time.sleep(15)`,
};

test.each(Object.entries(TAKERS))("what a function may have holds for %s", async (_what, take) => {
  const { answer, error, usedMb } = await ran(`
import mmap, subprocess, sys, threading, time
MUCH = 160 * 1024 * 1024
TAKE = f"import time; taken = b'x' * {MUCH}; time.sleep(15)"
def handler(event, context):${take}
`);
  expect(error).toBe("Unhandled");
  expect(answer).toMatchObject({ errorType: "Runtime.OutOfMemory" });
  expect(usedMb).toBe(128);
});

test("what processes of a function have from each other is counted once", async () => {
  const { answer } = await ran(`
import os, time
kept = b"x" * (64 * 1024 * 1024)
def handler(event, context):
    children = []
    for _ in range(3):
        child = os.fork()
        if child == 0:
            time.sleep(0.3)
            os._exit(0)
        children.append(child)
    return [os.waitpid(child, 0)[1] for child in children]
`);
  expect(answer).toEqual([0, 0, 0]);
});
