import type { FastifyReply } from "fastify";
import type { Services } from "../services.js";

/** Cookies do not know ports: two servers on one machine must not log each other out. */
export function sessionCookie({ addresses }: Pick<Services, "addresses">): string {
  return `countersign_${new URL(addresses().url).port || "web"}`;
}

export function setSessionCookie(
  reply: FastifyReply,
  services: Services,
  secret: string,
  seconds: number,
): void {
  reply.setCookie(sessionCookie(services), secret, {
    path: "/",
    httpOnly: true,
    sameSite: "strict",
    secure: services.addresses().secure,
    maxAge: seconds,
  });
}

export function clearSessionCookie(reply: FastifyReply, services: Services): void {
  reply.clearCookie(sessionCookie(services), { path: "/" });
}
