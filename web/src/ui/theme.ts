import { createTheme } from "@mantine/core";

/** One look for all pages. Colours are Mantine's, so that both colour schemes keep their contrast. */
export const theme = createTheme({
  primaryColor: "cyan",
  primaryShade: { light: 9, dark: 5 },
  autoContrast: true,
  defaultRadius: "md",
  cursorType: "pointer",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace",
  headings: {
    fontWeight: "600",
    sizes: { h1: { fontSize: "1.6rem" }, h2: { fontSize: "1.25rem" }, h3: { fontSize: "1.05rem" } },
  },
});
