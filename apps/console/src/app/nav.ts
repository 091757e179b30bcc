import { routes } from "../shared/routes.js";
import {
  IconBook,
  IconBox,
  IconFlask,
  IconGavel,
  IconGraph,
  IconHome,
  IconKey,
  IconList,
  IconLog,
  IconRun,
  IconTrace,
} from "../shared/ui/icons.js";

export const NAV = [
  { to: routes.overview, label: "Overview", icon: IconHome },
  { to: routes.inventory, label: "Inventory", icon: IconList },
  { to: routes.versions, label: "Models", icon: IconBox },
  { to: routes.runs, label: "Runs", icon: IconRun },
  { to: routes.lineage, label: "Lineage", icon: IconGraph },
  { to: routes.trace, label: "Trace", icon: IconTrace },
  { to: routes.decisions, label: "Decisions", icon: IconGavel },
  { to: routes.log, label: "Log", icon: IconLog },
  { to: routes.policies, label: "Policies", icon: IconBook },
  { to: routes.trust, label: "Keys and trust", icon: IconKey },
  { to: routes.cheat, label: "Try to cheat", icon: IconFlask },
] as const;

export const isActive = (location: string, to: string): boolean =>
  to === routes.overview ? location === to : location === to || location.startsWith(`${to}/`);
