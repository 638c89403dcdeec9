/**
 * Torrents of objects, which S3 has given up.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTorrent.html
 */
import { methodNotAllowed } from "../errors.ts";
import { operation } from "../kit.ts";
import { askForObject } from "./object.ts";

/** Assumed: AWS documents that there are none any more, not what it answers. */
export const getObjectTorrent = operation("GetObjectTorrent", {
  callers: "open",
  authorize: (input, context) => askForObject("s3:GetObjectTorrent", input, context),

  async handle() {
    throw methodNotAllowed("GET");
  },
});
