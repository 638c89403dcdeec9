/**
 * What the platform itself writes into a function's log.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-logformat.html
 */
import type { InvocationOrder } from "../service/function-host.ts";

type Format = Pick<InvocationOrder, "logFormat" | "systemLogLevel">;

export interface Report {
  readonly requestId: string;
  readonly durationMs: number;
  readonly initMs: number | undefined;
  readonly memoryMb: number;
  readonly usedMb: number;
  readonly status: "success" | "failure" | "error" | "timeout";
  readonly errorType?: string | undefined;
  readonly traceId?: string | undefined;
}

const LEVELS = ["DEBUG", "INFO", "WARN"] as const;

/** What begins. */
export interface Beginning {
  /** `python` */
  readonly runtime: string;
  /** Of the interpreter that really runs: `3.13.2` */
  readonly version: string;
  readonly runtimeArn: string;
  readonly initialization: string;
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/runtime-management-identify.html */
export function initLine(
  { runtime, version, runtimeArn, initialization }: Beginning,
  format: Format,
  at: Date,
): string | undefined {
  const runtimeVersion = `${runtime}:${version.replace(/\.(\d+)$/, ".v$1")}`;
  if (format.logFormat === "Text")
    return `INIT_START Runtime Version: ${runtimeVersion}\tRuntime Version ARN: ${runtimeArn}\n`;
  const record = {
    initializationType: initialization,
    phase: "init",
    runtimeVersion,
    runtimeVersionArn: runtimeArn,
  };
  return event("platform.initStart", record, "INFO", format, at);
}

/** How an initialisation ended. */
export interface InitEnding {
  readonly initialization: string;
  readonly phase: InitPhase;
  readonly durationMs: number;
  readonly status: Report["status"];
  readonly errorType: string | undefined;
}

/** Before the first invocation, or as a part of it where that failed. */
export type InitPhase = "init" | "invoke";

/**
 * Text tells of those alone that did not end well.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Failures during the Init phase),
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html (System log level event mapping)
 */
export function initEndLines(init: InitEnding, format: Format, at: Date): readonly string[] {
  const { initialization: initializationType, phase, durationMs, status, errorType } = init;
  const isGood = status === "success";
  if (format.logFormat === "Text") {
    const parts = [`INIT_REPORT Init Duration: ${durationMs.toFixed(2)} ms`, `Phase: ${phase}`, ...outcome(init)];
    return isGood ? [] : [`${parts.join("\t")}\n`];
  }
  const done = { initializationType, phase, status, ...(errorType !== undefined && { errorType }) };
  const report = { ...done, metrics: { durationMs: rounded(durationMs) } };
  const usual = initializationType === "on-demand" ? "DEBUG" : "INFO";
  const lines = [
    event("platform.initRuntimeDone", done, isGood ? "DEBUG" : "WARN", format, at),
    event("platform.initReport", report, isGood ? usual : "WARN", format, at),
  ];
  return lines.filter((line) => line !== undefined);
}

export function startLine(requestId: string, version: string, format: Format, at: Date): string | undefined {
  if (format.logFormat === "Text") return `START RequestId: ${requestId} Version: ${version}\n`;
  return event("platform.start", { requestId, version }, "INFO", format, at);
}

/** The lines at the end of an invocation. */
export function endLines(report: Report, format: Format, at: Date): readonly string[] {
  if (format.logFormat === "Text") return [`END RequestId: ${report.requestId}\n`, reportLine(report)];
  const { requestId, durationMs, initMs, memoryMb, usedMb, status, errorType } = report;
  const metrics = {
    durationMs: rounded(durationMs),
    billedDurationMs: billed(report),
    memorySizeMB: memoryMb,
    maxMemoryUsedMB: usedMb,
    ...(initMs !== undefined && { initDurationMs: rounded(initMs) }),
  };
  const failure = errorType === undefined ? {} : { errorType };
  const done = { requestId, status, ...failure, metrics: { durationMs: rounded(durationMs) } };
  const lines = [
    event("platform.runtimeDone", done, status === "success" ? "DEBUG" : "WARN", format, at),
    event(
      "platform.report",
      { requestId, metrics, status, ...failure },
      status === "success" ? "INFO" : "WARN",
      format,
      at,
    ),
  ];
  return lines.filter((line) => line !== undefined);
}

function reportLine(report: Report): string {
  const { requestId, durationMs, initMs, memoryMb, usedMb, traceId } = report;
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${billed(report)} ms`,
    `Memory Size: ${memoryMb} MB`,
    `Max Memory Used: ${usedMb} MB`,
  ];
  if (initMs !== undefined) parts.push(`Init Duration: ${initMs.toFixed(2)} ms`);
  parts.push(...outcome(report));
  const trace = traceId === undefined ? "" : traceLine(traceId);
  return `${parts.join("\t")}\t${trace}\n`;
}

function outcome({ status, errorType }: Pick<Report, "status" | "errorType">): readonly string[] {
  if (status === "timeout") return ["Status: timeout"];
  if (status !== "error") return [];
  return ["Status: error", ...(errorType === undefined ? [] : [`Error Type: ${errorType}`])];
}

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/python-logging.html (XRAY TraceId, SegmentId, Sampled) */
function traceLine(traceId: string): string {
  const [, root] = /Root=([^;]+)/.exec(traceId) ?? [];
  const [, parent] = /Parent=([^;]+)/.exec(traceId) ?? [];
  const isSampled = /Sampled=1/.test(traceId);
  if (root === undefined || !isSampled) return "";
  const parts = [`XRAY TraceId: ${root}`, ...(parent === undefined ? [] : [`SegmentId: ${parent}`]), "Sampled: true"];
  return `\n${parts.join("\t")}\t`;
}

/** Source: https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/ */
const billed = ({ durationMs, initMs = 0 }: Report): number => Math.ceil(durationMs + initMs);

const rounded = (milliseconds: number): number => Math.round(milliseconds * 1000) / 1000;

function event(
  type: string,
  record: object,
  level: (typeof LEVELS)[number],
  { systemLogLevel }: Format,
  at: Date,
): string | undefined {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(systemLogLevel)) return undefined;
  return `${JSON.stringify({ time: at.toISOString(), type, record })}\n`;
}
