/** A generated file, or a generated part of one between two marks. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./sources.ts";

/** Writes `text` to the file; with `--check` on the command line only says where it is out of date. */
export function writeGenerated(path: string, text: string): void {
  const file = join(ROOT, path);
  if (existsSync(file) && readFileSync(file, "utf8") === text) return;
  if (process.argv.includes("--check")) {
    console.error(`${path} is out of date: npm run docs`);
    process.exitCode = 1;
    return;
  }
  writeFileSync(file, text);
}

/** Replaces what stands between `<!-- NAME -->` and `<!-- /NAME -->`. @throws where the marks are missing. */
export function writeBetweenMarks(path: string, name: string, text: string): void {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const page = readFileSync(join(ROOT, path), "utf8");
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${open} … ${close}`);
  writeGenerated(path, `${page.slice(0, from + open.length)}\n\n${text.trim()}\n\n${page.slice(to)}`);
}
