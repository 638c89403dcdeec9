import { defineService } from "../../service/service.ts";
import { deleteMessage, deleteMessageBatch } from "./message/delete.ts";
import { gauge, GAUGES } from "./gauge.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SqsSdk } from "./kit.ts";
import { cancelMessageMoveTask, listMessageMoveTasks, move, startMessageMoveTask } from "./dead-letter/move-task.ts";
import { addPermission, removePermission } from "./queue/permission.ts";
import { policiedQueues } from "./queue/policied.ts";
import { clear, purgeQueue } from "./queue/purge.ts";
import { getQueueAttributes, setQueueAttributes } from "./queue/attribute.ts";
import { createQueue, deleteQueue, getQueueUrl, listDeadLetterSourceQueues, listQueues } from "./queue/queue.ts";
import { receiveMessage } from "./message/receive.ts";
import { expire } from "./message/retention.ts";
import { sendMessage, sendMessageBatch } from "./message/send.ts";
import { listQueueTags, tagQueue, untagQueue } from "./queue/tag.ts";
import { changeMessageVisibility, changeMessageVisibilityBatch } from "./message/visibility.ts";

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
