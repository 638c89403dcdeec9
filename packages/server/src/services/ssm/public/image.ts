/**
 * Images that AWS keeps current. Their ids are of the right form and stay what they are, and differ between regions.
 * Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-public-parameters-ami.html,
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html,
 * https://docs.aws.amazon.com/eks/latest/userguide/retrieve-ami-id.html, retrieve-ami-id-bottlerocket.html,
 * https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/, https://wiki.debian.org/Cloud/AmazonEC2Image
 */
import { hash } from "node:crypto";

const LINUX = [
  "al2023-ami-kernel-6.1-arm64",
  "al2023-ami-kernel-6.1-x86_64",
  "al2023-ami-kernel-default-arm64",
  "al2023-ami-kernel-default-x86_64",
  "al2023-ami-minimal-kernel-6.1-arm64",
  "al2023-ami-minimal-kernel-6.1-x86_64",
  "al2023-ami-minimal-kernel-default-arm64",
  "al2023-ami-minimal-kernel-default-x86_64",
  "amzn2-ami-hvm-arm64-gp2",
  "amzn2-ami-hvm-x86_64-gp2",
  "amzn2-ami-kernel-5.10-hvm-arm64-gp2",
  "amzn2-ami-kernel-5.10-hvm-x86_64-gp2",
  "amzn2-ami-minimal-hvm-arm64-ebs",
  "amzn2-ami-minimal-hvm-x86_64-ebs",
];
const WINDOWS = [
  "Windows_Server-2019-English-Core-Base",
  "Windows_Server-2019-English-Full-Base",
  "Windows_Server-2022-English-Core-Base",
  "Windows_Server-2022-English-Full-Base",
  "Windows_Server-2025-English-Core-Base",
  "Windows_Server-2025-English-Full-Base",
];
const ECS = ["amazon-linux-2", "amazon-linux-2/arm64", "amazon-linux-2023", "amazon-linux-2023/arm64"];

const ARCHITECTURES = ["arm64", "x86_64"];
const KUBERNETES = ["1.31", "1.32", "1.33", "1.34"];
/** Releases of Ubuntu, with the kind of volume that their images are for. */
const UBUNTU = [
  ["20.04", "gp2"],
  ["22.04", "gp2"],
  ["24.04", "gp3"],
] as const;
const DEBIAN = ["11", "12", "13"];

/** Whose values are held to the form of an image's id. Source: https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/ */
export const UBUNTU_PREFIX = "/aws/service/canonical/ubuntu/server";

/** For Kubernetes: each of its versions has its own. */
const kubernetesImages = (version: string, architecture: string): readonly string[] => [
  `/aws/service/eks/optimized-ami/${version}/amazon-linux-2023/${architecture}/standard/recommended/image_id`,
  `/aws/service/bottlerocket/aws-k8s-${version}/${architecture}/latest/image_id`,
];

/** Others' systems, whose names for architectures differ. */
const otherImages = (architecture: string): readonly string[] => [
  ...UBUNTU.map(
    ([release, volume]) => `${UBUNTU_PREFIX}/${release}/stable/current/${architecture}/hvm/ebs-${volume}/ami-id`,
  ),
  ...DEBIAN.map((release) => `/aws/service/debian/release/${release}/latest/${architecture}`),
];

/** `ami-0` and sixteen digits. */
const imageId = (name: string, region: string): string => `ami-0${hash("sha256", `${region} ${name}`).slice(0, 16)}`;

/** Values by their names. */
export function* imageParameters(region: string): Generator<readonly [name: string, value: string]> {
  const plain = [
    ...LINUX.map((image) => `/aws/service/ami-amazon-linux-latest/${image}`),
    ...WINDOWS.map((image) => `/aws/service/ami-windows-latest/${image}`),
    ...KUBERNETES.flatMap((version) => ARCHITECTURES.flatMap((of) => kubernetesImages(version, of))),
    ...["amd64", "arm64"].flatMap(otherImages),
  ];
  for (const name of plain) yield [name, imageId(name, region)];
  for (const system of ECS) {
    const name = `/aws/service/ecs/optimized-ami/${system}/recommended`;
    const id = imageId(name, region);
    yield [name, JSON.stringify({ schema_version: 1, image_id: id, os: system.split("/")[0] })];
    yield [`${name}/image_id`, id];
  }
}
