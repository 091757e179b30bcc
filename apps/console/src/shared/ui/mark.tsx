import type { ReactNode } from "react";

/** Two ticks: signed, and signed again by somebody else. */
export function Mark({ size = 26 }: { size?: number }): ReactNode {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#1c3f73" />
      <g fill="none" strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round">
        <path d="M7 16.500l4.200 4.200L18 13" stroke="#ffffff" />
        <path d="M14.800 20.200l.700.700L25 11" stroke="#9cc3f5" />
      </g>
    </svg>
  );
}
