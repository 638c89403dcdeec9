import { describeTerraform } from "./clients/terraform-modules.ts";

describeTerraform("storage", {
  glacier: {
    keeps: "vaults with policies, notifications and locks",
    resources: 4,
    outputs: { location: "/000000000000/vaults/terraform-records" },
    later: { variables: { stage: "live" }, changed: 1 },
  },
  storage: { keeps: "buckets with all that they can have, keys and an archive", resources: 38, alias: "europe" },
  tables: {
    keeps: "table buckets, and tables with settings and policies",
    resources: 6,
    outputs: { owner: "000000000000" },
    later: { variables: { file_size: 256 }, changed: 1 },
  },
  website: {
    keeps: "a website, its log and its rules for pages",
    resources: 11,
    outputs: { website: "terraform-pages.s3-website-us-east-1.amazonaws.com" },
  },
  replication: { keeps: "replication, notifications and inventories", resources: 14, alias: "europe" },
  locks: {
    // and lets go of them where it is told to
    keeps: "versions and locks",
    resources: 9,
    outputs: { held: true },
    later: { variables: { days: 60 }, changed: 3 },
  },
});
