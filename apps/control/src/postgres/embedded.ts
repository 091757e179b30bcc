import { type Binaries, packagedBinaries } from "./binaries.js";
import { type Cluster, startCluster } from "./cluster.js";
import { findPlace } from "./place.js";

export interface EmbeddedOptions {
  directory: string;
  /** Directory of `initdb` and `postgres`; "" for the packaged ones. */
  binaries: string;
  info(line: string): void;
  warn(line: string): void;
}

/** The PostgreSQL that comes with us, on the cluster of this data directory. */
export async function embeddedCluster(options: EmbeddedOptions): Promise<Cluster> {
  const binaries: Binaries = options.binaries ? { directory: options.binaries } : packagedBinaries();
  const place = await findPlace(options.directory, binaries);
  if (place.note) options.info(place.note);
  return startCluster(place, options.warn);
}
