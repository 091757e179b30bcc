import { CountersignError } from "@countersign/evidence";
import type { Session } from "../session.js";
import { safe } from "../terminal/safe.js";
import type { Place } from "./place.js";

/** Opens the server that was named, or else the local workspace, runs `work` there and closes it. */
export async function atPlace<T>(
  session: Session,
  create: boolean,
  work: (place: Place) => Promise<T>,
): Promise<T> {
  const place = await open(session, create);
  try {
    return await work(place);
  } finally {
    await place.close();
  }
}

async function open(session: Session, create: boolean): Promise<Place> {
  const address = serverAddress(session);
  if (address !== undefined) return (await import("./remote.js")).openRemote(session, address);
  const { openLocal } = await import("./local.js");
  return openLocal(session, create);
}

/** The server that was named, checked; undefined where none was. */
export function serverAddress(session: Session): string | undefined {
  const { server } = session.global;
  if (server === undefined || server === "") return undefined;
  const url = checkedUrl(server);
  warnUnencrypted(session, url);
  return url.href.replace(/\/$/, "");
}

function checkedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw new CountersignError(
    "usage",
    `--server takes an address such as http://127.0.0.1:8420, not ${text}`,
    {
      detail: { remedy: "--server http://127.0.0.1:8420" },
    },
  );
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function warnUnencrypted({ global, output }: Session, { protocol, hostname }: URL): void {
  if (protocol === "https:" || LOOPBACK.test(hostname) || global.token === undefined) return;
  output.warn(
    safe`countersign: ${hostname} is reached without encryption: others on the way can read the token`,
  );
}
