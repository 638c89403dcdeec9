import { hash } from "node:crypto";
import type { LambdaFunction } from "./row.ts";

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html; the order is that of AWS's own message. */
export const EXISTING_RUNTIMES = [
  "nodejs20.x",
  "python3.14",
  "provided.al2023",
  "python3.12",
  "python3.13",
  "nodejs24.x",
  "nodejs22.x",
  "java25",
  "python3.10",
  "python3.11",
  "java21",
  "ruby3.3",
  "ruby3.4",
  "ruby3.2",
  "python3.8",
  "python3.9",
  "java17",
  "nodejs16.x",
  "dotnet10",
  "dotnet8",
  "java11",
  "dotnet6",
  "nodejs18.x",
  "provided.al2",
  "java8.al2",
] as const;

/** No function is made or changed with these any more. */
const OVER: ReadonlySet<string> = new Set([
  "dotnetcore1.0",
  "dotnetcore2.0",
  "dotnetcore2.1",
  "dotnetcore3.1",
  "dotnet5.0",
  "go1.x",
  "java8",
  "nodejs",
  "nodejs4.3",
  "nodejs6.10",
  "nodejs8.10",
  "nodejs10.x",
  "nodejs12.x",
  "nodejs14.x",
  "provided",
  "python2.7",
  "python3.6",
  "python3.7",
  "ruby2.5",
  "ruby2.7",
]);

export const isOver = (runtime: string): boolean => OVER.has(runtime);

/** Younger than the message. Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html */
const NEWER: ReadonlySet<string> = new Set(["ruby4.0"]);

export const exists = (runtime: string): boolean =>
  NEWER.has(runtime) || EXISTING_RUNTIMES.some((name) => name === runtime);

/** Whether there is a program here that runs it. */
export const runsHere = (runtime: string): boolean => /^(nodejs|python|provided)/.test(runtime);

/** Differs: the ARN names the runtime, not a version of it. */
export const runtimeArn = (
  { partition, region }: Pick<LambdaFunction, "partition" | "region">,
  runtime: string,
): string => `arn:${partition}:lambda:${region}::runtime:${hash("sha256", runtime, "hex")}`;
