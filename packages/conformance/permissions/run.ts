/** Puts every case to an endpoint: so many scenes at once, each in a world of its own. */
import { randomBytes } from "node:crypto";
import { Caller, type Outcome } from "./call.ts";
import type { Case, CaseFile, Scene } from "./case-file.ts";
import { NotAnswered, type Endpoint } from "./endpoint.ts";
import { takeStep } from "./steps/step.ts";
import { judge, type Finding, type Verdict } from "./verdict.ts";
import { World } from "./world.ts";

export interface RunOptions {
  readonly endpoint: Endpoint;
  /** Cases whose group or name holds this text, whatever its case. */
  readonly only?: string | undefined;
  /** Scenes at once. */
  readonly atOnce?: number | undefined;
  /** What is not asked until then is not answered. */
  readonly secondsMax?: number | undefined;
  /** Removes what was made; an endpoint that is thrown away afterwards needs none of it. */
  readonly cleanUp?: boolean | undefined;
}

type Title = Pick<Finding, "group" | "name">;

interface Task {
  readonly group: string;
  readonly scene: Scene;
  /** Its place among the cases of all files. */
  readonly place: number;
}

const AT_ONCE = 8;
const SECONDS_MAX = 600;

/** The findings in the order of the cases. */
export async function runCases(files: readonly CaseFile[], options: RunOptions): Promise<readonly Finding[]> {
  const { endpoint, only = "", atOnce = AT_ONCE, secondsMax = SECONDS_MAX, cleanUp = true } = options;
  using caller = new Caller(endpoint);
  const endsAtMs = performance.now() + secondsMax * 1000;
  const run = randomBytes(3).toString("hex");
  const findings: Finding[] = [];
  const text = only.toLowerCase();
  const isAsked = ({ group, name }: Title) => `${group}: ${name}`.toLowerCase().includes(text);
  const waiting = tasksOf(files, isAsked);
  const total = waiting.length;
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task; task = waiting.shift()) {
      await using world = new World(caller, `${run}${(total - waiting.length).toString(36)}x`);
      findings.push(...(await play(task, world, endsAtMs)));
      if (cleanUp) await world.cleanUp();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return findings.filter(isAsked).toSorted((a, b) => a.place - b.place);
}

/** Scenes that have a case which was asked for; as the cases of a scene follow each other, all of them are put. */
function tasksOf(files: readonly CaseFile[], isAsked: (title: Title) => boolean): Task[] {
  let place = 0;
  return files.flatMap(({ group, scenes }) =>
    scenes.flatMap((scene) => {
      const task = { group, scene, place };
      place += scene.cases.length;
      return scene.cases.some(({ name }) => isAsked({ group, name })) ? [task] : [];
    }),
  );
}

async function play(task: Task, world: World, endsAtMs: number): Promise<readonly Finding[]> {
  try {
    return await playScene(task, world, endsAtMs);
  } catch (cause) {
    throw new Error(`a case is not written well: ${task.group}: ${task.scene.cases[0]?.name}`, { cause });
  }
}

async function playScene({ group, scene, place }: Task, world: World, endsAtMs: number): Promise<readonly Finding[]> {
  const found = (each: Case, index: number, verdict: Verdict): Finding => ({
    group,
    name: each.name,
    call: each.call ?? scene.call ?? "",
    answer: answerOf(each),
    source: each.source ?? scene.source ?? "",
    place: place + index,
    ...verdict,
  });
  const unanswered = await reasonAgainst(async () => {
    if (performance.now() >= endsAtMs) throw new NotAnswered("there was no time left");
    for (const step of scene.given ?? []) await takeStep(step, world);
  });
  const findings: Finding[] = [];
  for (const [index, each] of scene.cases.entries())
    findings.push(found(each, index, unanswered ?? (await put(each, scene, world))));
  return findings;
}

function answerOf({ allowed, denied }: Case): string {
  if (denied !== undefined) return denied === true ? "denied" : denied;
  return typeof allowed === "string" ? `allowed (${allowed})` : "allowed";
}

/** One case: its own steps, then the call. */
async function put(each: Case, scene: Scene, world: World): Promise<Verdict> {
  let outcome: Outcome | undefined;
  const unanswered = await reasonAgainst(async () => {
    for (const step of each.given ?? []) await takeStep(step, world);
    const { as = "ann", call, with: input = {}, region, headers, via, skewMinutes } = { ...scene, ...each };
    if (call === undefined) throw new TypeError(`no call: ${each.name}`);
    outcome = await world.ask(call, as, input, { region, headers, via, skewMinutes });
    if (outcome.kind === "succeeded") world.follow(each, outcome.output);
  });
  return unanswered ?? judge(each, outcome, world.fill(each.says ?? ""));
}

/** Why a case could not be put, if so. */
async function reasonAgainst(ask: () => Promise<void>): Promise<Verdict | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (error instanceof NotAnswered) return { kind: "not-answered", got: error.message };
    throw error;
  }
}
