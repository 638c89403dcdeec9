/** Pipes: made, found, listed, changed, started, stopped and deleted. */
import { page } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import { onPassedRole, onPipe } from "./access.ts";
import { pipeExists, pipeQuota, tokenInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { PIPES_MAX, PIPES_PER_PAGE_MAX } from "./limits.ts";
import { settingsOf } from "./order.ts";
import { arnOf, pipes, requirePipe, type Pipe } from "./pipe-row.ts";
import { hindrance } from "./role.ts";
import { begin } from "./run.ts";
import { tagsWith } from "./tag.ts";
import { summary, view } from "./view.ts";

type PassingState = "CREATING" | "UPDATING" | "STARTING" | "STOPPING" | "DELETING";

/** What is answered while the change is still to come, though here it has come already. */
const changing = (pipe: Pipe, state: PassingState | Pipe["current"]) => ({
  Arn: arnOf(pipe),
  Name: pipe.name,
  DesiredState: pipe.desired,
  CurrentState: state,
  CreationTime: new Date(pipe.createdAtMs),
  LastModifiedTime: new Date(pipe.changedAtMs),
});

/** Keeps a pipe in the state that it comes to: where its role or its source hinder it, it has failed. */
async function settle(pipe: Pipe, failed: Pipe["current"], context: Context): Promise<void> {
  const reason = await hindrance(pipe, context);
  const { reason: _before, ...rest } = pipe;
  const settled: Pipe =
    reason === undefined ? { ...rest, current: pipe.desired } : { ...rest, current: failed, reason };
  context.tx.put(pipes, settled);
  begin(settled, context);
}

export const createPipe = operation("CreatePipe", {
  authorize: async ({ Name, RoleArn, Tags }, context) => [
    await onPipe("CreatePipe", Name, context, { requestTags: Tags ?? {} }),
    onPassedRole(RoleArn),
  ],

  async handle(input, context) {
    const { Name: name, Source: source, Target: target, RoleArn: roleArn, Tags = {} } = input;
    const { tx, account, region, partition } = context;
    if ((await tx.get(pipes, name)) !== undefined) throw pipeExists(name);
    const others = await tx.scan(pipes, { limit: PIPES_MAX });
    if (others.length === PIPES_MAX) throw pipeQuota(name, PIPES_MAX);
    const settings = await settingsOf(input, { source, target }, context);
    const nowMs = context.now().getTime();
    const pipe: Pipe = {
      name,
      revision: context.newId(),
      account,
      region,
      partition,
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      source,
      roleArn,
      ...settings,
      current: settings.desired,
      tags: tagsWith({}, Tags),
    };
    await settle(pipe, "CREATE_FAILED", context);
    return changing(pipe, "CREATING");
  },
});

export const updatePipe = operation("UpdatePipe", {
  authorize: async ({ Name, RoleArn }, context) => [await onPipe("UpdatePipe", Name, context), onPassedRole(RoleArn)],

  async handle(input, context) {
    const there = await requirePipe(input.Name, context);
    const { source, account, region, partition, name, createdAtMs, tags, current } = there;
    const { Target: target = there.target, RoleArn: roleArn } = input;
    const settings = await settingsOf(input, { source, target, there }, context);
    const changedAtMs = context.now().getTime();
    const revision = context.newId();
    const same = { name, account, region, partition, createdAtMs, tags, source, current };
    const pipe: Pipe = { ...same, revision, changedAtMs, roleArn, ...settings };
    await settle(pipe, "UPDATE_FAILED", context);
    return changing(pipe, "UPDATING");
  },
});

export const startPipe = operation("StartPipe", {
  authorize: ({ Name }, context) => onPipe("StartPipe", Name, context),

  async handle({ Name }, context) {
    const there = await requirePipe(Name, context);
    if (there.current === "RUNNING") return changing(there, "RUNNING");
    const pipe: Pipe = { ...there, ...changed(context), desired: "RUNNING" };
    await settle(pipe, "START_FAILED", context);
    return changing(pipe, "STARTING");
  },
});

const changed = (context: Context) => ({ revision: context.newId(), changedAtMs: context.now().getTime() });

export const stopPipe = operation("StopPipe", {
  authorize: ({ Name }, context) => onPipe("StopPipe", Name, context),

  async handle({ Name }, context) {
    const there = await requirePipe(Name, context);
    if (there.current === "STOPPED") return changing(there, "STOPPED");
    const pipe: Pipe = { ...there, ...changed(context), desired: "STOPPED", current: "STOPPED" };
    context.tx.put(pipes, pipe);
    begin(pipe, context);
    return changing(pipe, "STOPPING");
  },
});

export const deletePipe = operation("DeletePipe", {
  authorize: ({ Name }, context) => onPipe("DeletePipe", Name, context),

  async handle({ Name }, context) {
    const pipe = await requirePipe(Name, context);
    context.tx.delete(pipes, Name);
    context.cancel("run", Name);
    return {
      ...changing({ ...pipe, changedAtMs: context.now().getTime() }, "DELETING"),
      DesiredState: "DELETED" as const,
    };
  },
});

export const describePipe = operation("DescribePipe", {
  authorize: ({ Name }, context) => onPipe("DescribePipe", Name, context),

  async handle({ Name }, context) {
    return view(await requirePipe(Name, context));
  },
});

export const listPipes = operation("ListPipes", {
  authorize: () => ({ action: "pipes:ListPipes", resource: "*" }),

  async handle(input, { tx }) {
    const { NamePrefix: startsWith, NextToken: token, Limit = PIPES_PER_PAGE_MAX } = input;
    const isWanted = (pipe: Pipe): boolean =>
      pipe.source.startsWith(input.SourcePrefix ?? "") &&
      pipe.target.startsWith(input.TargetPrefix ?? "") &&
      (input.DesiredState ?? pipe.desired) === pipe.desired &&
      (input.CurrentState ?? pipe.current) === pipe.current;
    const asked = { startsWith, token, limit: Limit, max: PIPES_PER_PAGE_MAX, invalidToken: tokenInvalid };
    const { rows, next } = await page(tx, pipes, asked);
    return { Pipes: rows.filter(isWanted).map(summary), NextToken: next };
  },
});
