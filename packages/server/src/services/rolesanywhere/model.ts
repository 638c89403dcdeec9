/** What `tools/models` wrote of the model of rolesanywhere: types alone. */
import type { ModelCommand, ModelError } from "../../service/sdk.ts";

export interface RolesAnywhereSdk {
  readonly CreateProfileCommand: ModelCommand<CreateProfileRequest, ProfileDetailResponse>;
  readonly CreateTrustAnchorCommand: ModelCommand<CreateTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly DeleteAttributeMappingCommand: ModelCommand<DeleteAttributeMappingRequest, DeleteAttributeMappingResponse>;
  readonly DeleteCrlCommand: ModelCommand<ScalarCrlRequest, CrlDetailResponse>;
  readonly DeleteProfileCommand: ModelCommand<ScalarProfileRequest, ProfileDetailResponse>;
  readonly DeleteTrustAnchorCommand: ModelCommand<ScalarTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly DisableCrlCommand: ModelCommand<ScalarCrlRequest, CrlDetailResponse>;
  readonly DisableProfileCommand: ModelCommand<ScalarProfileRequest, ProfileDetailResponse>;
  readonly DisableTrustAnchorCommand: ModelCommand<ScalarTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly EnableCrlCommand: ModelCommand<ScalarCrlRequest, CrlDetailResponse>;
  readonly EnableProfileCommand: ModelCommand<ScalarProfileRequest, ProfileDetailResponse>;
  readonly EnableTrustAnchorCommand: ModelCommand<ScalarTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly GetCrlCommand: ModelCommand<ScalarCrlRequest, CrlDetailResponse>;
  readonly GetProfileCommand: ModelCommand<ScalarProfileRequest, ProfileDetailResponse>;
  readonly GetSubjectCommand: ModelCommand<ScalarSubjectRequest, SubjectDetailResponse>;
  readonly GetTrustAnchorCommand: ModelCommand<ScalarTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly ImportCrlCommand: ModelCommand<ImportCrlRequest, CrlDetailResponse>;
  readonly ListCrlsCommand: ModelCommand<ListRequest, ListCrlsResponse>;
  readonly ListProfilesCommand: ModelCommand<ListRequest, ListProfilesResponse>;
  readonly ListSubjectsCommand: ModelCommand<ListRequest, ListSubjectsResponse>;
  readonly ListTagsForResourceCommand: ModelCommand<ListTagsForResourceRequest, ListTagsForResourceResponse>;
  readonly ListTrustAnchorsCommand: ModelCommand<ListRequest, ListTrustAnchorsResponse>;
  readonly PutAttributeMappingCommand: ModelCommand<PutAttributeMappingRequest, PutAttributeMappingResponse>;
  readonly PutNotificationSettingsCommand: ModelCommand<
    PutNotificationSettingsRequest,
    PutNotificationSettingsResponse
  >;
  readonly ResetNotificationSettingsCommand: ModelCommand<
    ResetNotificationSettingsRequest,
    ResetNotificationSettingsResponse
  >;
  readonly TagResourceCommand: ModelCommand<TagResourceRequest, TagResourceResponse>;
  readonly UntagResourceCommand: ModelCommand<UntagResourceRequest, UntagResourceResponse>;
  readonly UpdateCrlCommand: ModelCommand<UpdateCrlRequest, CrlDetailResponse>;
  readonly UpdateProfileCommand: ModelCommand<UpdateProfileRequest, ProfileDetailResponse>;
  readonly UpdateTrustAnchorCommand: ModelCommand<UpdateTrustAnchorRequest, TrustAnchorDetailResponse>;
  readonly CreateSessionCommand: ModelCommand<CreateSessionRequest, CreateSessionResponse>;
  readonly AccessDeniedException: ModelError<"AccessDeniedException">;
  readonly ResourceNotFoundException: ModelError<"ResourceNotFoundException">;
  readonly TooManyTagsException: ModelError<"TooManyTagsException">;
  readonly ValidationException: ModelError<"ValidationException">;
}

interface AssumedRoleUser {
  arn?: string | undefined;
  assumedRoleId?: string | undefined;
}

interface AttributeMapping {
  certificateField?: CertificateField | undefined;
  mappingRules?: MappingRule[] | undefined;
}

type CertificateField = "x509Subject" | "x509Issuer" | "x509SAN";

interface CreateProfileRequest {
  name: string;
  requireInstanceProperties?: boolean | undefined;
  sessionPolicy?: string | undefined;
  roleArns: string[];
  managedPolicyArns?: string[] | undefined;
  durationSeconds?: number | undefined;
  enabled?: boolean | undefined;
  tags?: Tag[] | undefined;
  acceptRoleSessionName?: boolean | undefined;
}

interface CreateSessionRequest {
  profileArn?: string | undefined;
  roleArn?: string | undefined;
  trustAnchorArn?: string | undefined;
  bodyProfileArn?: string | undefined;
  bodyRoleArn?: string | undefined;
  bodyTrustAnchorArn?: string | undefined;
  durationSeconds?: number | undefined;
  instanceProperties?: Record<string, string> | undefined;
  roleSessionName?: string | undefined;
  sessionName?: string | undefined;
}

interface CreateSessionResponse {
  credentialSet?: CredentialResponse[] | undefined;
  subjectArn?: string | undefined;
}

interface CreateTrustAnchorRequest {
  name: string;
  source: Source;
  enabled?: boolean | undefined;
  tags?: Tag[] | undefined;
  notificationSettings?: NotificationSetting[] | undefined;
}

interface CredentialResponse {
  assumedRoleUser?: AssumedRoleUser | undefined;
  credentials?: Credentials | undefined;
  packedPolicySize?: number | undefined;
  roleArn?: string | undefined;
  sourceIdentity?: string | undefined;
}

interface CredentialSummary {
  seenAt?: Date | undefined;
  serialNumber?: string | undefined;
  issuer?: string | undefined;
  enabled?: boolean | undefined;
  x509CertificateData?: string | undefined;
  failed?: boolean | undefined;
}

interface Credentials {
  accessKeyId?: string | undefined;
  expiration?: string | undefined;
  secretAccessKey?: string | undefined;
  sessionToken?: string | undefined;
}

interface CrlDetail {
  crlId?: string | undefined;
  crlArn?: string | undefined;
  name?: string | undefined;
  enabled?: boolean | undefined;
  crlData?: Uint8Array | undefined;
  trustAnchorArn?: string | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
}

interface CrlDetailResponse {
  crl: CrlDetail;
}

interface DeleteAttributeMappingRequest {
  profileId: string;
  certificateField: CertificateField;
  specifiers?: string[] | undefined;
}

interface DeleteAttributeMappingResponse {
  profile: ProfileDetail;
}

interface ImportCrlRequest {
  name: string;
  crlData: Uint8Array;
  enabled?: boolean | undefined;
  tags?: Tag[] | undefined;
  trustAnchorArn: string;
}

interface InstanceProperty {
  seenAt?: Date | undefined;
  properties?: Record<string, string> | undefined;
  failed?: boolean | undefined;
}

interface ListCrlsResponse {
  nextToken?: string | undefined;
  crls?: CrlDetail[] | undefined;
}

interface ListProfilesResponse {
  nextToken?: string | undefined;
  profiles?: ProfileDetail[] | undefined;
}

interface ListRequest {
  nextToken?: string | undefined;
  pageSize?: number | undefined;
}

interface ListSubjectsResponse {
  subjects?: SubjectSummary[] | undefined;
  nextToken?: string | undefined;
}

interface ListTagsForResourceRequest {
  resourceArn: string;
}

interface ListTagsForResourceResponse {
  tags?: Tag[] | undefined;
}

interface ListTrustAnchorsResponse {
  nextToken?: string | undefined;
  trustAnchors?: TrustAnchorDetail[] | undefined;
}

interface MappingRule {
  specifier: string;
}

type NotificationChannel = "ALL";

type NotificationEvent = "CA_CERTIFICATE_EXPIRY" | "END_ENTITY_CERTIFICATE_EXPIRY";

interface NotificationSetting {
  enabled: boolean;
  event: NotificationEvent;
  threshold?: number | undefined;
  channel?: NotificationChannel | undefined;
}

interface NotificationSettingDetail {
  enabled: boolean;
  event: NotificationEvent;
  threshold?: number | undefined;
  channel?: NotificationChannel | undefined;
  configuredBy?: string | undefined;
}

interface NotificationSettingKey {
  event: NotificationEvent;
  channel?: NotificationChannel | undefined;
}

interface ProfileDetail {
  profileId?: string | undefined;
  profileArn?: string | undefined;
  name?: string | undefined;
  requireInstanceProperties?: boolean | undefined;
  enabled?: boolean | undefined;
  createdBy?: string | undefined;
  sessionPolicy?: string | undefined;
  roleArns?: string[] | undefined;
  managedPolicyArns?: string[] | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
  durationSeconds?: number | undefined;
  acceptRoleSessionName?: boolean | undefined;
  attributeMappings?: AttributeMapping[] | undefined;
}

interface ProfileDetailResponse {
  profile?: ProfileDetail | undefined;
}

interface PutAttributeMappingRequest {
  profileId: string;
  certificateField: CertificateField;
  mappingRules: MappingRule[];
}

interface PutAttributeMappingResponse {
  profile: ProfileDetail;
}

interface PutNotificationSettingsRequest {
  trustAnchorId: string;
  notificationSettings: NotificationSetting[];
}

interface PutNotificationSettingsResponse {
  trustAnchor: TrustAnchorDetail;
}

interface ResetNotificationSettingsRequest {
  trustAnchorId: string;
  notificationSettingKeys: NotificationSettingKey[];
}

interface ResetNotificationSettingsResponse {
  trustAnchor: TrustAnchorDetail;
}

interface ScalarCrlRequest {
  crlId: string;
}

interface ScalarProfileRequest {
  profileId: string;
}

interface ScalarSubjectRequest {
  subjectId: string;
}

interface ScalarTrustAnchorRequest {
  trustAnchorId: string;
}

interface Source {
  sourceType?: TrustAnchorType | undefined;
  sourceData?: SourceData | undefined;
}

interface SourceData {
  x509CertificateData?: string | undefined;
  acmPcaArn?: string | undefined;
}

interface SubjectDetail {
  subjectArn?: string | undefined;
  subjectId?: string | undefined;
  enabled?: boolean | undefined;
  x509Subject?: string | undefined;
  lastSeenAt?: Date | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
  credentials?: CredentialSummary[] | undefined;
  instanceProperties?: InstanceProperty[] | undefined;
}

interface SubjectDetailResponse {
  subject?: SubjectDetail | undefined;
}

interface SubjectSummary {
  subjectArn?: string | undefined;
  subjectId?: string | undefined;
  enabled?: boolean | undefined;
  x509Subject?: string | undefined;
  lastSeenAt?: Date | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
}

interface Tag {
  key: string;
  value: string;
}

interface TagResourceRequest {
  resourceArn: string;
  tags: Tag[];
}

type TagResourceResponse = object;

interface TrustAnchorDetail {
  trustAnchorId?: string | undefined;
  trustAnchorArn?: string | undefined;
  name?: string | undefined;
  source?: Source | undefined;
  enabled?: boolean | undefined;
  createdAt?: Date | undefined;
  updatedAt?: Date | undefined;
  notificationSettings?: NotificationSettingDetail[] | undefined;
}

interface TrustAnchorDetailResponse {
  trustAnchor: TrustAnchorDetail;
}

type TrustAnchorType = "AWS_ACM_PCA" | "CERTIFICATE_BUNDLE" | "SELF_SIGNED_REPOSITORY";

interface UntagResourceRequest {
  resourceArn: string;
  tagKeys: string[];
}

type UntagResourceResponse = object;

interface UpdateCrlRequest {
  crlId: string;
  name?: string | undefined;
  crlData?: Uint8Array | undefined;
}

interface UpdateProfileRequest {
  profileId: string;
  name?: string | undefined;
  sessionPolicy?: string | undefined;
  roleArns?: string[] | undefined;
  managedPolicyArns?: string[] | undefined;
  durationSeconds?: number | undefined;
  acceptRoleSessionName?: boolean | undefined;
}

interface UpdateTrustAnchorRequest {
  trustAnchorId: string;
  name?: string | undefined;
  source?: Source | undefined;
}
