import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const ink: MantineColorsTuple = [
  "#eef3fa",
  "#dbe5f3",
  "#b7cbe7",
  "#8fadd9",
  "#6a91cb",
  "#4a77b8",
  "#335f9f",
  "#264d86",
  "#1c3f73",
  "#12305c",
];

const dark: MantineColorsTuple = [
  "#e5e9ef",
  "#c3cad6",
  "#9aa5b5",
  "#6b7687",
  "#3b4452",
  "#2c333e",
  "#1d222a",
  "#171b21",
  "#101317",
  "#0b0d10",
];

const FONT = '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';
const MONO = 'ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace';

export const theme = createTheme({
  primaryColor: "ink",
  primaryShade: { light: 8, dark: 5 },
  colors: { ink, dark },
  fontFamily: FONT,
  fontFamilyMonospace: MONO,
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "7px", lg: "10px", xl: "14px" },
  headings: { fontFamily: FONT, fontWeight: "600" },
  focusRing: "always",
  respectReducedMotion: true,
  cursorType: "pointer",
});

export const resolver: CSSVariablesResolver = () => ({
  variables: { "--mantine-line-height": "1.5" },
  light: {
    "--mantine-color-body": "#ffffff",
    "--mantine-color-text": "#171c24",
    "--mantine-color-dimmed": "#566172",
    "--mantine-color-default-border": "#d9dee5",
    "--mantine-color-placeholder": "#6b7687",
    "--mantine-color-anchor": "#1d4f96",
  },
  dark: {
    "--mantine-color-body": "#171b21",
    "--mantine-color-text": "#e5e9ef",
    "--mantine-color-dimmed": "#9aa5b5",
    "--mantine-color-default": "#1d222a",
    "--mantine-color-default-hover": "#252b35",
    "--mantine-color-default-border": "#333b47",
    "--mantine-color-placeholder": "#8490a2",
    "--mantine-color-anchor": "#8fb8ee",
  },
});
