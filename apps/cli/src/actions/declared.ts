export interface DeclareOptions {
  licence?: string;
  origin?: string;
  tag?: Record<string, string>;
}

/** What was declared and nothing else: an option that was not given must not become an empty statement. */
export function declaredBy({ licence, origin, tag }: DeclareOptions): {
  licence?: string;
  origin?: string;
  tags?: Record<string, string>;
} {
  return {
    ...(licence === undefined ? {} : { licence }),
    ...(origin === undefined ? {} : { origin }),
    ...(tag === undefined ? {} : { tags: tag }),
  };
}
