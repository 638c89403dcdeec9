/** Key stores outside of KMS: they need an HSM cluster or an external key manager, neither of which is there. */
import { onAccount } from "../access.ts";
import { keyStoreNotFound, keyStoreUnsupported } from "../errors.ts";
import { operation } from "../kit.ts";

export const createCustomKeyStore = operation("CreateCustomKeyStore", {
  authorize: (_, context) => onAccount("CreateCustomKeyStore", context),
  handle: async () => {
    throw keyStoreUnsupported();
  },
});

export const describeCustomKeyStores = operation("DescribeCustomKeyStores", {
  authorize: (_, context) => onAccount("DescribeCustomKeyStores", context),

  async handle({ CustomKeyStoreId: id, CustomKeyStoreName: name }) {
    const named = id ?? name;
    if (named !== undefined) throw keyStoreNotFound(named);
    return { CustomKeyStores: [], Truncated: false };
  },
});

export const connectCustomKeyStore = operation("ConnectCustomKeyStore", {
  authorize: (_, context) => onAccount("ConnectCustomKeyStore", context),
  handle: async ({ CustomKeyStoreId }) => {
    throw keyStoreNotFound(CustomKeyStoreId);
  },
});

export const disconnectCustomKeyStore = operation("DisconnectCustomKeyStore", {
  authorize: (_, context) => onAccount("DisconnectCustomKeyStore", context),
  handle: async ({ CustomKeyStoreId }) => {
    throw keyStoreNotFound(CustomKeyStoreId);
  },
});

export const updateCustomKeyStore = operation("UpdateCustomKeyStore", {
  authorize: (_, context) => onAccount("UpdateCustomKeyStore", context),
  handle: async ({ CustomKeyStoreId }) => {
    throw keyStoreNotFound(CustomKeyStoreId);
  },
});

export const deleteCustomKeyStore = operation("DeleteCustomKeyStore", {
  authorize: (_, context) => onAccount("DeleteCustomKeyStore", context),
  handle: async ({ CustomKeyStoreId }) => {
    throw keyStoreNotFound(CustomKeyStoreId);
  },
});
