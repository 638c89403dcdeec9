/** What `tools/models` wrote of the model of signin: types alone. */
import type { ModelCommand, ModelError } from "../../service/sdk.ts";

export interface SigninSdk {
  readonly CreateOAuth2TokenCommand: ModelCommand<CreateOAuth2TokenRequest, CreateOAuth2TokenResponse>;
  readonly AccessDeniedException: ModelError<"AccessDeniedException">;
  readonly InternalServerException: ModelError<"InternalServerException">;
  readonly TooManyRequestsError: ModelError<"TooManyRequestsError">;
  readonly ValidationException: ModelError<"ValidationException">;
}

interface AccessToken {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
}

interface CreateOAuth2TokenRequest {
  tokenInput: CreateOAuth2TokenRequestBody;
}

interface CreateOAuth2TokenRequestBody {
  clientId: string;
  grantType: string;
  code?: string | undefined;
  redirectUri?: string | undefined;
  codeVerifier?: string | undefined;
  refreshToken?: string | undefined;
}

interface CreateOAuth2TokenResponse {
  tokenOutput: CreateOAuth2TokenResponseBody;
}

interface CreateOAuth2TokenResponseBody {
  accessToken: AccessToken;
  tokenType: string;
  expiresIn: number;
  refreshToken: string;
  idToken?: string | undefined;
}
