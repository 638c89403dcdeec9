/**
 * The endpoint for clients of Iceberg: each of its operations is done by those of S3 Tables, in the caller's name, so that
 * their rights are asked.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html
 */
import type { Context } from "../../../../service/context.ts";
import { serviceKit } from "../../../../service/operation.ts";
import type { InputOf, OperationName, OutputOf } from "../../../../service/sdk.ts";
import type { S3TablesSdk } from "../kit.ts";
import type { CatalogSdk } from "./model.ts";

export const { operation } = serviceKit<CatalogSdk>("s3tables");

/** Asks S3 Tables what the client asks for in Iceberg's words. @throws {AwsError} */
export const ask = <Name extends OperationName<S3TablesSdk>>(
  name: Name,
  input: InputOf<S3TablesSdk, Name>,
  context: Context,
): Promise<OutputOf<S3TablesSdk, Name>> =>
  context.call<S3TablesSdk, Name>({ service: "s3tables", operation: name, input, passesOn: true });

/** Operations that ask for nothing but what those do by which they are done. */
export const askedBelow = () => [];
