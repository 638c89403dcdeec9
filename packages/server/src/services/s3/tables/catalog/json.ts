/** Documents of Iceberg's as clients send them: what they are is found out where they are read. */
import { isAsWritten } from "../../../../kernel/json-double.ts";
import { requestInvalid } from "../errors.ts";

export type Json = Readonly<Record<string, unknown>>;

export const isJson = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws {AwsError} `BadRequestException` */
export function requireJson(value: unknown, what: string): Json {
  if (!isJson(value)) throw requestInvalid(`${what} must be an object.`);
  return value;
}

/** What is no list is an empty one. */
export const listIn = (document: Json, name: string): readonly Json[] => {
  const value = document[name];
  return Array.isArray(value) ? value.filter((each: unknown) => isJson(each)) : [];
};

/** @throws {AwsError} `BadRequestException` */
export function numberIn(document: Json, name: string): number {
  const value = document[name];
  if (typeof value !== "number") throw requestInvalid(`${name} must be a number.`);
  return value;
}

/**
 * An id to compare by: snapshots have random ones of 63 bits, which are kept as they are written where a number of ours
 * cannot hold them. Source: https://iceberg.apache.org/spec/#appendix-c-json-serialization
 */
export const idOf = (value: unknown): unknown => (isAsWritten(value) ? value.rawJSON : value);

/** @throws {AwsError} `BadRequestException` */
export function textIn(document: Json, name: string): string {
  const value = document[name];
  if (typeof value !== "string") throw requestInvalid(`${name} must be a string.`);
  return value;
}

/** The numbers, or the texts, in a list. */
export const valuesIn = (document: Json, name: string): readonly unknown[] => {
  const value = document[name];
  return Array.isArray(value) ? value : [];
};
