import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

/** Slate in place of Mantine's neutral greys: 0 is text, 8 what pages stand on, 7 what lies on it. */
const dark: MantineColorsTuple = [
  "#dde1e7",
  "#bcc3cd",
  "#98a1ae",
  "#828b98",
  "#3d4550",
  "#323943",
  "#262c35",
  "#1b2027",
  "#13171c",
  "#0c0f13",
];

/** Mantine's, but for the two darkest: white words on them, and words in the last on the second, have a contrast of 4.5 or more. */
const tuples = {
  cyan: "#e3fafc #c5f6fa #99e9f2 #66d9e8 #3bc9db #22b8cf #15aabf #1098ad #0a7d92 #0b7285",
  green: "#ebfbee #d3f9d8 #b2f2bb #8ce99a #69db7c #51cf66 #40c057 #37b24d #26773a #1d6a30",
  teal: "#e6fcf5 #c3fae8 #96f2d7 #63e6be #38d9a9 #20c997 #12b886 #0ca678 #087f5b #066649",
  lime: "#f4fce3 #e9fac8 #d8f5a2 #c0eb75 #a9e34b #94d82d #82c91e #66a80f #4c7d0a #3d6608",
  yellow: "#fff9db #fff3bf #ffec99 #ffe066 #ffd43b #fcc419 #fab005 #e67700 #a55a00 #845000",
  orange: "#fff4e6 #ffe8cc #ffd8a8 #ffc078 #ffa94d #ff922b #fd7e14 #d9480f #b83c0a #9c3a0a",
  red: "#fff5f5 #ffe3e3 #ffc9c9 #ffa8a8 #ff8787 #ff6b6b #fa5252 #e03131 #c92a2a #b02525",
  pink: "#fff0f6 #ffdeeb #fcc2d7 #faa2c1 #f783ac #f06595 #e64980 #d6336c #c2255c #a61e4d",
};
const colors = Object.fromEntries(
  Object.entries(tuples).map(([name, shades]) => [name, shades.split(" ") as unknown as MantineColorsTuple]),
);

/**
 * One look for all pages. Sizes are those of a tool people read all day: 14 px for text, 13 px in tables. Components are named, not
 * imported: what a page does not show it does not load.
 */
export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: 9,
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  black: "#16191d",
  colors: { ...colors, dark },
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.125rem" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.5" },
  radius: { xs: "2px", sm: "4px", md: "6px", lg: "8px", xl: "16px" },
  spacing: { xs: "0.5rem", sm: "0.75rem", md: "1rem", lg: "1.25rem", xl: "2rem" },
  headings: {
    fontWeight: "600",
    textWrap: "wrap",
    sizes: {
      h1: { fontSize: "1.375rem", lineHeight: "1.3" },
      h2: { fontSize: "1.0625rem", lineHeight: "1.4" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
      h4: { fontSize: "0.875rem", lineHeight: "1.4" },
    },
  },
  components: {
    Anchor: { defaultProps: { inherit: true } },
    Badge: { defaultProps: { variant: "light", radius: "sm", tt: "none", fw: 500 } },
    Button: { defaultProps: { fw: 500 } },
    Card: { defaultProps: { withBorder: true, padding: "md" } },
    Code: { defaultProps: { fz: "sm" } },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" }, position: "right" } },
    Menu: { defaultProps: { shadow: "md", withInitialFocusPlaceholder: false } },
    Modal: {
      defaultProps: {
        size: "lg",
        yOffset: "8vh",
        closeButtonProps: { "aria-label": "Close" },
        // the head of a dialog is not the head of the page
        attributes: { header: { role: "presentation" } },
      },
    },
    NumberInput: { defaultProps: { hideControls: true } },
    Paper: { defaultProps: { withBorder: true, p: "md" } },
    Table: { defaultProps: { verticalSpacing: 7, horizontalSpacing: "sm", fz: "sm", highlightOnHover: true } },
    Tabs: { defaultProps: { keepMounted: false } },
    Tooltip: { defaultProps: { openDelay: 200, multiline: true, maw: "24rem" } },
  },
});

/** Where Mantine's own greys and reds are too pale to be read. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-dimmed": "#555e68",
    "--mantine-color-placeholder": "#6b747e",
    "--mantine-color-error": "var(--mantine-color-red-9)",
    "--mantine-color-default-border": "#d5dae0",
    "--surface": "var(--mantine-color-white)",
    "--surface-quiet": "#f6f8fa",
    "--line": "#e3e7ec",
  },
  dark: {
    "--mantine-color-body": "var(--mantine-color-dark-8)",
    "--mantine-color-placeholder": "var(--mantine-color-dark-2)",
    "--mantine-color-error": "var(--mantine-color-red-4)",
    "--surface": "var(--mantine-color-dark-7)",
    "--surface-quiet": "var(--mantine-color-dark-7)",
    "--line": "var(--mantine-color-dark-5)",
  },
});
