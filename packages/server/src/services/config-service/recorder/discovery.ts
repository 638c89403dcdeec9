/**
 * How changes are noticed: all resources are looked at when a recorder starts, and from then on those that calls were
 * about, each in an errand of its own with the rights of the recorder's role.
 */
import { asRegion, parseArn, type ArnParts } from "../../../kernel/arn.ts";
import { refusalOf, type AwsError } from "../../../kernel/aws-error.ts";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Errand, ErrandContext } from "../../../service/errand.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";
import type { Job } from "../../../service/service.ts";
import { ITSELF } from "../kit.ts";
import { frequencyOf, findRecorder, recorders, records, runningRecorders, type Recorder } from "./row.ts";
import { keepFound } from "./recording.ts";
import { readerOf } from "./reader.ts";
import type { Reader } from "../resource/kind.ts";
import { findKind, KINDS } from "../resource/kinds.ts";

export const DISCOVER = "discover";
const LOOK = "look";

/** What is looked at. */
interface Sight {
  readonly region: string;
  readonly type: string;
  readonly handle: string;
}

const isSight = (payload: unknown): payload is Sight =>
  typeof payload === "object" && payload !== null && "type" in payload && "handle" in payload && "region" in payload;

/** `key` names calls that changed something and were recorded together, in other accounts too. */
export const heard: Job = async (context, key) => {
  const recorded = await context.recorded.batch(key);
  const calls = recorded.filter((call) => call.account === context.account && isAboutResources(call));
  const touched = calls.flatMap((call) => arnsOf(call).map((arn) => ({ arn, call })));
  if (touched.length === 0) return;
  for (const recorder of await runningRecorders(context.tx)) for (const one of touched) lookAt(one, recorder, context);
};

/** AWS Config's own looks change nothing, and roles are taken on all the time. */
const isAboutResources = ({ service, error, userIdentity }: RecordedCall): boolean =>
  error === undefined && service !== "sts" && service !== "config-service" && userIdentity.invokedBy !== ITSELF.service;

/** Of the resources that IAM was asked about, and of what the answer tells of new ones. */
function arnsOf({ questions, response, parameters, own }: RecordedCall): readonly ArnParts[] {
  const asked = questions.map(({ access }) => access.resource);
  const texts = new Set([...asked, ...(own?.resources ?? []), ...textsIn(response), ...textsIn(parameters)]);
  return [...texts].map((text) => parseArn(text)).filter((parts) => parts !== undefined);
}

const DEPTH_MAX = 4;

function textsIn(value: unknown, depth = 0): string[] {
  if (typeof value === "string") return value.startsWith("arn:") ? [value] : [];
  if (typeof value !== "object" || value === null || depth > DEPTH_MAX) return [];
  return Object.values(value).flatMap((member) => textsIn(member, depth + 1));
}

interface Touched {
  readonly arn: ArnParts;
  readonly call: RecordedCall;
}

/** At once, or at the end of the day where the type is recorded daily. */
function lookAt({ arn, call }: Touched, recorder: Recorder, context: Context): void {
  for (const kind of KINDS) {
    const { type } = kind;
    const handle = kind.idOf(arn);
    const isHere = kind.isGlobal === true || call.region === recorder.region;
    if (handle === undefined || !isHere || !records(recorder, type)) continue;
    const nowMs = context.now().getTime();
    const isDaily = frequencyOf(recorder, type) === "DAILY";
    const dueMs = isDaily ? (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS : nowMs;
    context.at(dueMs, LOOK, `${recorder.region} ${type} ${handle}`, { region: recorder.region, type, handle });
  }
}

export const look: Errand = async (context, _key, payload) => {
  if (!isSight(payload)) return;
  const recorder = await findRecorder(context.tx, asRegion(payload.region));
  if (recorder?.isRecording !== true) return;
  await watched(recorder, context, (reader) => lookOnce(payload, { recorder, reader }, context));
};

interface Eyes {
  readonly recorder: Recorder;
  readonly reader: Reader;
}

async function lookOnce({ type, handle }: Sight, { recorder, reader }: Eyes, context: ErrandContext): Promise<void> {
  const kind = findKind(type);
  if (kind === undefined) return;
  const found = await kind.find(handle, reader);
  await context.transact((inner) => keepFound({ type: kind.type, handle, found, recorder }, inner));
}

/** All that there is. What the role may not look at keeps nothing else from being found, and is said at the end. */
export const discover: Errand = async (context, region) => {
  const recorder = await findRecorder(context.tx, asRegion(region));
  if (recorder?.isRecording !== true) return;
  await watched(recorder, context, async (reader) => {
    const refusals: (AwsError | undefined)[] = [];
    for (const kind of KINDS) {
      if (!records(recorder, kind.type)) continue;
      let handles: readonly string[] = [];
      const closed = await refusalOf(async () => {
        handles = await kind.list(reader);
      });
      refusals.push(closed);
      for (const handle of handles) {
        const sight = { region, type: kind.type, handle };
        refusals.push(await refusalOf(() => lookOnce(sight, { recorder, reader }, context)));
      }
    }
    const first = refusals.find((refusal) => refusal !== undefined);
    if (first !== undefined) throw first;
  });
};

/** Does `work` with the role's rights, and notes in the recorder's status how it went. */
async function watched(
  recorder: Recorder,
  context: ErrandContext,
  work: (reader: Reader) => Promise<void>,
): Promise<void> {
  const refusal = await refusalOf(async () => work(await readerOf(recorder, context)));
  await context.transact(async ({ tx }) => {
    const now = await findRecorder(tx, recorder.region);
    if (now === undefined) return;
    const status = { last: refusal ? "Failure" : "Success", atMs: context.now().getTime() } as const;
    if (refusal === undefined && now.status?.last === "Success") return;
    tx.put(recorders, {
      ...now,
      status: { ...status, ...(refusal && { error: { code: refusal.code, message: refusal.message } }) },
    });
  });
}
