import type { ReactNode } from "react";
import {
  IconBox,
  IconCloud,
  IconCode,
  IconData,
  IconFile,
  IconLog,
  IconParts,
  IconPeople,
  IconRun,
} from "../ui/icons.js";

const KINDS: Record<string, typeof IconBox> = {
  Model: IconBox,
  Dataset: IconData,
  Run: IconRun,
  Code: IconCode,
  Endpoint: IconCloud,
  Service: IconCloud,
  Vendor: IconPeople,
  System: IconParts,
};
const TYPES: Record<string, typeof IconBox> = {
  run: IconRun,
  job: IconLog,
  deployment: IconCloud,
  external: IconData,
};

interface KindIconProps {
  type?: string;
  kind: string;
  size?: number;
}

/** The same picture for the same kind of thing, wherever it is shown. */
export function KindIcon({ type = "asset", kind, size = 16 }: KindIconProps): ReactNode {
  const Icon = (type === "external" ? KINDS[kind] : undefined) ?? TYPES[type] ?? KINDS[kind] ?? IconFile;
  return <Icon size={size} />;
}
