import { defineService } from "../../service/service.ts";
import { deleteMessage, deleteMessageBatch } from "./delete.ts";
import { gauge, GAUGES } from "./gauge.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SqsSdk } from "./kit.ts";
import { cancelMessageMoveTask, listMessageMoveTasks, move, startMessageMoveTask } from "./move-task.ts";
import { addPermission, removePermission } from "./permission.ts";
import { policiedQueues } from "./policied.ts";
import { clear, purgeQueue } from "./purge.ts";
import { getQueueAttributes, setQueueAttributes } from "./queue-attribute.ts";
import { createQueue, deleteQueue, getQueueUrl, listDeadLetterSourceQueues, listQueues } from "./queue.ts";
import { receiveMessage } from "./receive.ts";
import { expire } from "./retention.ts";
import { sendMessage, sendMessageBatch } from "./send.ts";
import { listQueueTags, tagQueue, untagQueue } from "./tag.ts";
import { changeMessageVisibility, changeMessageVisibilityBatch } from "./visibility.ts";

export const sqs = defineService<SqsSdk>("sqs", {
  operations: [
    createQueue,
    getQueueUrl,
    listQueues,
    listDeadLetterSourceQueues,
    deleteQueue,
    getQueueAttributes,
    setQueueAttributes,
    addPermission,
    removePermission,
    tagQueue,
    untagQueue,
    listQueueTags,
    sendMessage,
    sendMessageBatch,
    receiveMessage,
    deleteMessage,
    deleteMessageBatch,
    changeMessageVisibility,
    changeMessageVisibilityBatch,
    purgeQueue,
    startMessageMoveTask,
    cancelMessageMoveTask,
    listMessageMoveTasks,
  ],
  jobs: { clear, expire, move },
  policied: [policiedQueues],
  gauge,
  gauges: GAUGES,
  denial: "AccessDenied",
  unmodelledErrors: UNMODELLED_ERRORS,
});
