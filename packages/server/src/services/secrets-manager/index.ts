import { defineService } from "../../service/service.ts";
import { deleteLeaving, deleteSecret, restoreSecret } from "./deletion.ts";
import { UNMODELLED_ERRORS } from "./errors.ts";
import type { SecretsManagerSdk } from "./kit.ts";
import { policiedSecrets } from "./policied.ts";
import { deleteResourcePolicy, getResourcePolicy, putResourcePolicy, validateResourcePolicy } from "./policy.ts";
import { getRandomPassword } from "./random-password.ts";
import { removeRegionsFromReplication, replicateSecretToRegions, stopReplicationToReplica } from "./replica.ts";
import { rotate } from "./rotation-steps.ts";
import { cancelRotateSecret, rotateSecret } from "./rotation.ts";
import { createSecret, describeSecret, listSecrets, updateSecret } from "./secret.ts";
import { updateSecretVersionStage } from "./stage-move.ts";
import { tagResource, untagResource } from "./tag.ts";
import { batchGetSecretValue, getSecretValue, putSecretValue } from "./value.ts";
import { listSecretVersionIds } from "./version-list.ts";

export const secretStore = defineService<SecretsManagerSdk>("secrets-manager", {
  operations: [
    createSecret,
    describeSecret,
    listSecrets,
    updateSecret,
    deleteSecret,
    restoreSecret,
    putSecretValue,
    getSecretValue,
    batchGetSecretValue,
    listSecretVersionIds,
    updateSecretVersionStage,
    rotateSecret,
    cancelRotateSecret,
    putResourcePolicy,
    getResourcePolicy,
    deleteResourcePolicy,
    validateResourcePolicy,
    replicateSecretToRegions,
    removeRegionsFromReplication,
    stopReplicationToReplica,
    tagResource,
    untagResource,
    getRandomPassword,
  ],
  jobs: { delete: deleteLeaving },
  errands: { rotate },
  policied: [policiedSecrets],
  unmodelledErrors: UNMODELLED_ERRORS,
});
