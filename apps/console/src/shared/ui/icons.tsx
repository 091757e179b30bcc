import type { ReactNode } from "react";

interface IconProps {
  size?: number;
}

const icon = (paths: ReactNode) =>
  function Icon({ size = 16 }: IconProps): ReactNode {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
        focusable="false"
        style={{ flex: "none" }}
      >
        {paths}
      </svg>
    );
  };

export const IconCheck = icon(<path d="M5 12.5l4.5 4.5L19 7.5" />);
export const IconCross = icon(<path d="M6.5 6.5l11 11M17.5 6.5l-11 11" />);
export const IconClock = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 7.5V12l3 2" />
  </>,
);
export const IconMinus = icon(<path d="M6 12h12" />);
export const IconAlert = icon(
  <>
    <path d="M12 4l9 16H3z" />
    <path d="M12 10v4M12 17v.1" />
  </>,
);
export const IconInfo = icon(
  <>
    <circle cx="12" cy="12" r="8.5" />
    <path d="M12 11v5M12 8v.1" />
  </>,
);
export const IconCopy = icon(
  <>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15V6a2 2 0 0 1 2-2h8" />
  </>,
);
export const IconChevron = icon(<path d="M9 6l6 6-6 6" />);
export const IconHome = icon(
  <>
    <rect x="4" y="4" width="7" height="9" rx="1.5" />
    <rect x="13" y="4" width="7" height="5" rx="1.5" />
    <rect x="13" y="11" width="7" height="9" rx="1.5" />
    <rect x="4" y="15" width="7" height="5" rx="1.5" />
  </>,
);
export const IconBox = icon(
  <>
    <path d="M12 3.5l8 4.3v8.4l-8 4.3-8-4.3V7.800z" />
    <path d="M4.300 8L12 12.200 19.700 8M12 12.200V20" />
  </>,
);
export const IconGavel = icon(
  <>
    <path d="M7 4h7l4 4v12H7z" />
    <path d="M10 13.500l2 2 3.500-3.500" />
  </>,
);
export const IconLog = icon(
  <>
    <circle cx="12" cy="5.500" r="2" />
    <circle cx="6.500" cy="18" r="2" />
    <circle cx="17.500" cy="18" r="2" />
    <path d="M11 7.300L7.500 16.200M13 7.300l3.500 8.900" />
  </>,
);
export const IconFlask = icon(
  <>
    <path d="M9.500 4h5M10.500 4v6L5.500 19a1 1 0 0 0 .9 1.500h11.200a1 1 0 0 0 .9-1.500l-5-9V4" />
    <path d="M8 15h8" />
  </>,
);
export const IconBook = icon(
  <>
    <path d="M5 5.500A1.500 1.500 0 0 1 6.500 4H19v16H6.500A1.500 1.500 0 0 1 5 18.500z" />
    <path d="M9 8.500h6M9 12h6" />
  </>,
);
export const IconKey = icon(
  <>
    <circle cx="8" cy="15.500" r="4" />
    <path d="M11 12.500l8.500-8.500M16 7.500l2.500 2.500" />
  </>,
);
export const IconSun = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400" />
  </>,
);
export const IconMoon = icon(<path d="M19.500 14A8 8 0 1 1 10 4.500 6.500 6.500 0 0 0 19.500 14z" />);
export const IconMenu = icon(<path d="M4 7h16M4 12h16M4 17h16" />);
export const IconExit = icon(<path d="M14 5H6v14h8M10 12h10M17 9l3 3-3 3" />);
export const IconUpload = icon(<path d="M12 16V5M8 9l4-4 4 4M5 16v3h14v-3" />);
export const IconFile = icon(
  <>
    <path d="M7 4h7l4 4v12H7z" />
    <path d="M14 4v4h4" />
  </>,
);
export const IconScan = icon(
  <>
    <path d="M5 9V6a1 1 0 0 1 1-1h3M15 5h3a1 1 0 0 1 1 1v3M19 15v3a1 1 0 0 1-1 1h-3M9 19H6a1 1 0 0 1-1-1v-3" />
    <path d="M8 12h8" />
  </>,
);
export const IconPen = icon(<path d="M5 19l1-4L15.500 5.500l3 3L9 18zM13.500 7.500l3 3" />);
export const IconTag = icon(
  <>
    <path d="M4 5h8l8 8-7 7-9-8z" />
    <path d="M8.500 9v.1" />
  </>,
);
export const IconPeople = icon(
  <>
    <circle cx="9" cy="8.500" r="3" />
    <path d="M3.500 19c0-3 2.500-5 5.500-5s5.500 2 5.500 5M15.500 6a3 3 0 0 1 0 5.500M17 14.500c2 .600 3.500 2.300 3.500 4.500" />
  </>,
);
export const IconSearch = icon(
  <>
    <circle cx="10.500" cy="10.500" r="6" />
    <path d="M15 15l5 5" />
  </>,
);
export const IconDownload = icon(<path d="M12 5v11M8 12l4 4 4-4M5 20h14" />);
export const IconShield = icon(
  <>
    <path d="M12 3.500l7.500 3V12c0 4.500-3.200 7.500-7.500 8.500C7.700 19.500 4.500 16.500 4.500 12V6.500z" />
    <path d="M9 12l2.200 2.200L15.200 10" />
  </>,
);
export const IconData = icon(
  <>
    <ellipse cx="12" cy="6" rx="7" ry="2.800" />
    <path d="M5 6v12c0 1.500 3.100 2.800 7 2.800s7-1.300 7-2.800V6M5 12c0 1.500 3.100 2.800 7 2.800s7-1.300 7-2.800" />
  </>,
);
export const IconRun = icon(
  <>
    <path d="M4 19.500h16" />
    <path d="M5 15l4.500-5 3.500 3 6-7.500" />
  </>,
);
export const IconCloud = icon(
  <path d="M7.500 18.500a4 4 0 0 1-.500-8 5.500 5.500 0 0 1 10.600-.800 4.400 4.400 0 0 1-.600 8.800z" />,
);
export const IconParts = icon(
  <>
    <rect x="4" y="4" width="6.500" height="6.500" rx="1.500" />
    <rect x="13.500" y="4" width="6.500" height="6.500" rx="1.500" />
    <rect x="4" y="13.500" width="6.500" height="6.500" rx="1.500" />
    <rect x="13.500" y="13.500" width="6.500" height="6.500" rx="1.500" />
  </>,
);
export const IconGraph = icon(
  <>
    <circle cx="5.500" cy="12" r="2.200" />
    <circle cx="18.500" cy="6" r="2.200" />
    <circle cx="18.500" cy="18" r="2.200" />
    <path d="M7.500 11l9-4M7.500 13l9 4" />
  </>,
);
export const IconTrace = icon(
  <>
    <circle cx="12" cy="12" r="2.200" />
    <circle cx="12" cy="12" r="8.500" />
    <path d="M12 3.500v3.500M12 17v3.500M3.500 12H7M17 12h3.500" />
  </>,
);
export const IconList = icon(<path d="M9 6h11M9 12h11M9 18h11M4.500 6v.1M4.500 12v.1M4.500 18v.1" />);
export const IconPlus = icon(<path d="M12 6v12M6 12h12" />);
export const IconFit = icon(<path d="M5 9V5h4M15 5h4v4M19 15v4h-4M9 19H5v-4" />);
export const IconCode = icon(<path d="M9 8l-4.500 4L9 16M15 8l4.500 4L15 16" />);
