/** Recorders. Source: https://docs.aws.amazon.com/config/latest/developerguide/stop-start-recorder.html */
import type { ConfigurationRecorder, ConfigurationRecorderStatus, ResourceType } from "@aws-sdk/client-config-service";
import { pageOf } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { passedRole } from "../../../service/passed-role.ts";
import { findChannel } from "../channel/row.ts";
import { DISCOVER } from "./discovery.ts";
import {
  channelMissing,
  notImplemented,
  recorderNameInvalid,
  recorderNotFound,
  recordersTokenInvalid,
  roleInvalid,
  tooManyRecorders,
} from "../errors.ts";
import { ITSELF, operation, placeOf } from "../kit.ts";
import { PAGE } from "../limits.ts";
import { findRecorder, recorderArn, recorders, runningRecorders, type Frequency, type Recorder } from "./row.ts";
import { requireGroup, shownGroup } from "./group.ts";
import { firstTags, tagsOf } from "../tag-list.ts";

/** Those of customers. */
const SCOPE = "PAID" as const;
/** Where what is global happens. */
const GLOBAL = "us-east-1";

const onRecorder = (action: string) => async (context: Context) => {
  const recorder = await findRecorder(context.tx, context.region);
  return {
    action: `config:${action}`,
    resource: recorder === undefined ? ("*" as const) : recorderArn(recorder),
    resourceTags: recorder?.tags,
  };
};

export const putConfigurationRecorder = operation("PutConfigurationRecorder", {
  authorize: async ({ ConfigurationRecorder: { roleARN = "" }, Tags = [] }, context) => {
    const asked = await onRecorder("PutConfigurationRecorder")(context);
    const roles = roleARN === "" ? [] : [passedRole(roleARN, ITSELF.service)];
    return [{ ...asked, requestTags: tagsOf(Tags) }, ...roles];
  },

  async handle({ ConfigurationRecorder: given, Tags = [] }, context) {
    const { name = "", roleARN = "", recordingGroup, recordingMode } = given;
    requireOwn(given);
    if (name === "") throw recorderNameInvalid(name);
    const before = await findRecorder(context.tx, context.region);
    if (before !== undefined && before.name !== name) throw tooManyRecorders(name);
    const group = requireGroup(recordingGroup);
    if (roleARN === "") throw roleInvalid();
    const recorder: Recorder = {
      ...placeOf(context),
      id: context.newId().slice(0, 8),
      isRecording: false,
      ...before,
      ...modeOf(recordingMode),
      name,
      roleArn: roleARN,
      group,
      tags: firstTags(before, Tags),
    };
    context.tx.put(recorders, recorder);
    await listen(context);
    return {};
  },
});

/** @throws {AwsError} `NotImplemented` for the recorder of a service, or of another cloud */
function requireOwn(given: ConfigurationRecorderScope): void {
  const { recordingScope, servicePrincipal, connectorArn, scopeConfiguration } = given;
  if (recordingScope === "INTERNAL" || servicePrincipal !== undefined) throw notImplemented("a service's recorder");
  if ((connectorArn ?? scopeConfiguration) !== undefined)
    throw notImplemented("recording another provider's resources");
}

interface ConfigurationRecorderScope {
  readonly connectorArn?: string | undefined;
  readonly scopeConfiguration?: object | undefined;
  readonly recordingScope?: string | undefined;
  readonly servicePrincipal?: string | undefined;
}

interface GivenMode {
  readonly recordingFrequency: Frequency;
  readonly recordingModeOverrides?:
    | readonly {
        readonly description?: string | undefined;
        readonly resourceTypes: readonly ResourceType[];
        readonly recordingFrequency: Frequency;
      }[]
    | undefined;
}

const modeOf = (given: GivenMode | undefined): Pick<Recorder, "frequency" | "overrides"> => ({
  frequency: given?.recordingFrequency ?? "CONTINUOUS",
  overrides: (given?.recordingModeOverrides ?? []).map(({ description, resourceTypes, recordingFrequency }) => ({
    ...(description !== undefined && { description }),
    types: [...resourceTypes],
    frequency: recordingFrequency,
  })),
});

const hearsAll = ({ group }: Recorder): boolean =>
  group.strategy !== "ALL_SUPPORTED_RESOURCE_TYPES" || group.includesGlobal;

/** What is global happens in one region, and is heard of in all that record it. To be called when the row is put. */
async function listen({ audience, account, region, tx }: Context): Promise<void> {
  const running = await runningRecorders(tx);
  audience.set(
    "configuration",
    { account, region: GLOBAL },
    running.some((one) => one.region === GLOBAL || hearsAll(one)),
  );
  if (region === GLOBAL) return;
  audience.set(
    "configuration",
    { account, region },
    running.some((one) => one.region === region),
  );
}

async function requireNamed(names: readonly string[] | undefined, context: Context): Promise<readonly Recorder[]> {
  const recorder = await findRecorder(context.tx, context.region);
  const unknown = (names ?? []).find((name) => name !== recorder?.name);
  if (unknown !== undefined) throw recorderNotFound(unknown);
  return recorder === undefined ? [] : [recorder];
}

interface AskedRecorders {
  readonly ConfigurationRecorderNames?: readonly string[] | undefined;
  readonly ServicePrincipal?: string | undefined;
  readonly Arn?: string | undefined;
}

/** No service has a recorder here. @throws {AwsError} `NoSuchConfigurationRecorderException` */
async function requireAsked(asked: AskedRecorders, context: Context): Promise<readonly Recorder[]> {
  const { ConfigurationRecorderNames: names, ServicePrincipal, Arn } = asked;
  if (ServicePrincipal !== undefined) throw recorderNotFound(ServicePrincipal);
  const all = await requireNamed(names, context);
  if (Arn !== undefined && !all.some((recorder) => recorderArn(recorder) === Arn)) throw recorderNotFound(Arn);
  return all;
}

/** @throws {AwsError} `NoSuchConfigurationRecorderException` */
async function requireOne(name: string, context: Context): Promise<Recorder> {
  const [recorder] = await requireNamed([name], context);
  if (recorder === undefined) throw recorderNotFound(name);
  return recorder;
}

export const describeConfigurationRecorders = operation("DescribeConfigurationRecorders", {
  authorize: (_, context) => onRecorder("DescribeConfigurationRecorders")(context),
  handle: async (input, context) => ({ ConfigurationRecorders: (await requireAsked(input, context)).map(shown) }),
});

function shown(recorder: Recorder): ConfigurationRecorder {
  const { name, roleArn, group, frequency, overrides } = recorder;
  return {
    arn: recorderArn(recorder),
    name,
    roleARN: roleArn,
    recordingGroup: shownGroup(group),
    recordingMode: {
      recordingFrequency: frequency,
      recordingModeOverrides: overrides.map(({ description, types, frequency: recordingFrequency }) => ({
        ...(description !== undefined && { description }),
        resourceTypes: [...types],
        recordingFrequency,
      })),
    },
    recordingScope: SCOPE,
  };
}

export const listConfigurationRecorders = operation("ListConfigurationRecorders", {
  authorize: () => ({ action: "config:ListConfigurationRecorders", resource: "*" }),

  async handle({ Filters = [], MaxResults, NextToken: token }, context) {
    const all = await requireNamed(undefined, context);
    const isWanted = Filters.every(({ filterValue = [] }) => filterValue.includes(SCOPE));
    const { rows, next } = pageOf(isWanted ? all : [], {
      token,
      limit: MaxResults || PAGE.max,
      orderOf: ({ name }) => [name],
      invalidToken: recordersTokenInvalid,
    });
    return {
      ConfigurationRecorderSummaries: rows.map((recorder) => ({
        arn: recorderArn(recorder),
        name: recorder.name,
        recordingScope: SCOPE,
      })),
      ...(next !== undefined && { NextToken: next }),
    };
  },
});

export const describeConfigurationRecorderStatus = operation("DescribeConfigurationRecorderStatus", {
  authorize: (_, context) => onRecorder("DescribeConfigurationRecorderStatus")(context),
  handle: async (input, context) => ({
    ConfigurationRecordersStatus: (await requireAsked(input, context)).map(statusOf),
  }),
});

function statusOf(recorder: Recorder): ConfigurationRecorderStatus {
  const { name, isRecording, startedAtMs, stoppedAtMs, status } = recorder;
  return {
    arn: recorderArn(recorder),
    name,
    recording: isRecording,
    ...(startedAtMs !== undefined && { lastStartTime: new Date(startedAtMs) }),
    ...(stoppedAtMs !== undefined && { lastStopTime: new Date(stoppedAtMs) }),
    ...(status && { lastStatus: status.last, lastStatusChangeTime: new Date(status.atMs) }),
    ...(status?.error && { lastErrorCode: status.error.code, lastErrorMessage: status.error.message }),
  };
}

export const startConfigurationRecorder = operation("StartConfigurationRecorder", {
  authorize: (_, context) => onRecorder("StartConfigurationRecorder")(context),

  async handle({ ConfigurationRecorderName: name }, context) {
    const recorder = await requireOne(name, context);
    if ((await findChannel(context.tx)) === undefined) throw channelMissing();
    const nowMs = context.now().getTime();
    const status = { last: "Pending", atMs: nowMs } as const;
    context.tx.put(recorders, { ...recorder, isRecording: true, startedAtMs: nowMs, status });
    await listen(context);
    context.at(nowMs, DISCOVER, recorder.region, {});
    return {};
  },
});

export const stopConfigurationRecorder = operation("StopConfigurationRecorder", {
  authorize: (_, context) => onRecorder("StopConfigurationRecorder")(context),

  async handle({ ConfigurationRecorderName: name }, context) {
    const recorder = await requireOne(name, context);
    context.tx.put(recorders, { ...recorder, isRecording: false, stoppedAtMs: context.now().getTime() });
    await listen(context);
    return {};
  },
});

export const deleteConfigurationRecorder = operation("DeleteConfigurationRecorder", {
  authorize: (_, context) => onRecorder("DeleteConfigurationRecorder")(context),

  async handle({ ConfigurationRecorderName: name }, context) {
    const recorder = await requireOne(name, context);
    context.tx.delete(recorders, recorder.region);
    await listen(context);
    return {};
  },
});
