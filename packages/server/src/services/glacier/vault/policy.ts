/**
 * The access policies of vaults.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-access-policy.html
 */
import { onVault } from "../access.ts";
import { noAccessPolicy } from "../errors.ts";
import { operation, vaultArn } from "../kit.ts";
import { requirePolicy } from "./policy-rules.ts";
import { requireVault, vaults } from "./row.ts";

export const setVaultAccessPolicy = operation("SetVaultAccessPolicy", {
  authorize: (input, context) => onVault("SetVaultAccessPolicy", input, context),

  async handle(input, context) {
    const found = await requireVault(input, context);
    const policy = await requirePolicy(input.policy?.Policy, "access", found, context);
    found.place.tx.put(vaults, { ...found.vault, policy });
    return {};
  },
});

export const getVaultAccessPolicy = operation("GetVaultAccessPolicy", {
  authorize: (input, context) => onVault("GetVaultAccessPolicy", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    if (!vault.policy) throw noAccessPolicy(vaultArn(place, vault.name));
    return { policy: { Policy: await context.directory.showPrincipals(vault.policy, place) } };
  },
});

export const deleteVaultAccessPolicy = operation("DeleteVaultAccessPolicy", {
  authorize: (input, context) => onVault("DeleteVaultAccessPolicy", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { policy: _gone, ...rest } = vault;
    place.tx.put(vaults, rest);
    return {};
  },
});
