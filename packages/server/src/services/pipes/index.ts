import { defineService } from "../../service/service.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { PipesSdk } from "./kit.ts";
import { createPipe, deletePipe, describePipe, listPipes, startPipe, stopPipe, updatePipe } from "./pipe.ts";
import { run } from "./run.ts";
import { listTagsForResource, tagResource, untagResource } from "./tag.ts";

export const pipes = defineService<PipesSdk>("pipes", {
  operations: [
    createPipe,
    describePipe,
    listPipes,
    updatePipe,
    startPipe,
    stopPipe,
    deletePipe,
    tagResource,
    untagResource,
    listTagsForResource,
  ],
  errands: { run },
  unmodelledErrors: UNMODELLED_ERRORS,
});
