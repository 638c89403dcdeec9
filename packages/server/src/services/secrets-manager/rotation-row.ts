/** What a secret knows of its rotation. */
export interface Rotation {
  readonly enabled: boolean;
  readonly functionArn: string;
  readonly rules: RotationRules;
  /** The window in which the secret is rotated next; none where rotation is off. */
  readonly next?: RotationWindow;
}

/** As they were given. */
export interface RotationRules {
  readonly AutomaticallyAfterDays?: number | undefined;
  readonly Duration?: string | undefined;
  readonly ScheduleExpression?: string | undefined;
}

export interface RotationWindow {
  readonly startMs: number;
  readonly endMs: number;
}
