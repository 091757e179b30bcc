import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { type ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { LogAlarm } from "../features/log/alarm.js";
import { LogWatch } from "../features/log/watch.js";
import { WatchStatus } from "../features/log/watch-status.js";
import { useCloseSession } from "../features/session/api/close-session.js";
import { useEvents } from "../shared/api/events.js";
import { IconCross, IconExit, IconMenu, IconMoon, IconSun } from "../shared/ui/icons.js";
import { Mark } from "../shared/ui/mark.js";
import { isActive, NAV } from "./nav.js";
import styles from "./shell.module.css";

export function Shell({ children }: { children: ReactNode }): ReactNode {
  useEvents();
  const [location] = useLocation();
  const [open, setOpen] = useState(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the menu closes when the page changes
  useEffect(() => setOpen(false), [location]);
  return (
    <LogWatch>
      <a href="#main" className={styles.skip}>
        Skip to content
      </a>
      <div className={styles.shell}>
        <header className={styles.side} data-open={open || undefined}>
          <div className={styles.bar}>
            <Link href="/" className={styles.brand}>
              <Mark />
              Countersign
            </Link>
            <ActionIcon
              className={styles.burger}
              variant="subtle"
              color="gray"
              size="lg"
              onClick={() => setOpen(!open)}
              aria-expanded={open}
              aria-controls="navigation"
              aria-label={open ? "Close menu" : "Open menu"}
            >
              {open ? <IconCross size={20} /> : <IconMenu size={20} />}
            </ActionIcon>
          </div>
          <div className={styles.drawer} id="navigation">
            <Navigation location={location} />
            <div className={styles.foot}>
              <WatchStatus />
              <Tools />
            </div>
          </div>
        </header>
        <main id="main" tabIndex={-1} className={styles.main}>
          <LogAlarm />
          {children}
        </main>
      </div>
    </LogWatch>
  );
}

function Navigation({ location }: { location: string }): ReactNode {
  return (
    <nav aria-label="Main">
      <ul className={styles.nav}>
        {NAV.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link href={to} aria-current={isActive(location, to) ? "page" : undefined}>
              <Icon size={17} />
              {label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Tools(): ReactNode {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const close = useCloseSession();
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <div className={styles.tools}>
      <button type="button" onClick={() => setColorScheme(other)} aria-label={`Use ${other} colours`}>
        {scheme === "dark" ? <IconSun size={15} /> : <IconMoon size={15} />}
        {other === "dark" ? "Dark" : "Light"}
      </button>
      <button type="button" onClick={() => close.mutate()}>
        <IconExit size={15} />
        Sign out
      </button>
    </div>
  );
}
