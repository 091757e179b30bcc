import type { Static, TSchema } from "typebox";
import type { Scope } from "./session.js";

export type Method = "GET" | "POST" | "PUT" | "DELETE";

/**
 * One route: the server mounts it and validates with it, the client calls it, OpenAPI documents it.
 * `scope` is what a caller must hold; null answers anyone.
 */
export interface Route<
  P extends TSchema | undefined = TSchema | undefined,
  Q extends TSchema | undefined = TSchema | undefined,
  B extends TSchema | undefined = TSchema | undefined,
  R extends TSchema | undefined = TSchema | undefined,
> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly scope: Scope | null;
  readonly summary: string;
  readonly status: 200 | 201 | 202 | 204;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly response?: R;
}

type Value<S> = S extends TSchema ? Static<S> : undefined;
export type ParamsOf<T> = T extends Route<infer P, infer _Q, infer _B, infer _R> ? Value<P> : never;
export type QueryOf<T> = T extends Route<infer _P, infer Q, infer _B, infer _R> ? Value<Q> : never;
export type BodyOf<T> = T extends Route<infer _P, infer _Q, infer B, infer _R> ? Value<B> : never;
export type ResponseOf<T> = T extends Route<infer _P, infer _Q, infer _B, infer R> ? Value<R> : never;

export function route<
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
  R extends TSchema | undefined = undefined,
>(definition: Route<P, Q, B, R>): Route<P, Q, B, R> {
  return definition;
}

/** Fills `{name}` in a path; a value can never add a path segment. */
export function fillPath(path: string, params: Record<string, unknown> = {}): string {
  return path.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(String(params[name])));
}
