// The look: ink on paper with one green. Ant Design's tokens and our own style sheet share these colours.
import { theme, type ThemeConfig } from 'antd';

const kFont =
  '-apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", Roboto, sans-serif';

export function themeOf(dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? theme.darkAlgorithm : theme.defaultAlgorithm,
    cssVar: { key: 'shuke' },
    hashed: false,
    token: {
      colorPrimary: dark ? '#46ab90' : '#1f6f5c',
      colorLink: dark ? '#5cc0a5' : '#1a6553',
      colorInfo: dark ? '#5b9bd5' : '#2b6cb0',
      colorWarning: dark ? '#d9a441' : '#9a6200',
      colorError: dark ? '#f5a199' : '#b3352b',
      colorSuccess: dark ? '#58b98c' : '#23744d',
      colorBgLayout: dark ? '#121513' : '#f5f5f1',
      colorBgContainer: dark ? '#1a1e1b' : '#ffffff',
      colorBgElevated: dark ? '#212622' : '#ffffff',
      colorTextBase: dark ? '#eceee9' : '#1c2320',
      colorTextSecondary: dark ? '#a9b2ab' : '#56605a',
      colorTextTertiary: dark ? '#98a29b' : '#626c66',
      colorTextQuaternary: dark ? '#8a948d' : '#6e7771',
      colorTextPlaceholder: dark ? '#8f9992' : '#69736d',
      colorTextDescription: dark ? '#a9b2ab' : '#56605a',
      colorBorderSecondary: dark ? '#2b312d' : '#e8e9e3',
      borderRadius: 8,
      fontFamily: kFont,
      fontSize: 14,
      wireframe: false,
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      // White on the dark theme's lighter green would not be readable.
      ...(dark ? { Button: { primaryColor: '#08130f', dangerColor: '#1a0806' } } : {}),
      Table: { cellPaddingBlockMD: 9, cellPaddingInlineMD: 12, headerBg: dark ? '#1f2421' : '#fafaf7' },
      Card: { paddingLG: 18 },
      Tabs: { horizontalMargin: '0 0 14px 0' },
    },
  };
}

// Eight well told apart colours for charts, in both themes.
export const kPalette = ['#1f8a70', '#e0a030', '#3f78b5', '#c85a46', '#7a62a8', '#5aa24a', '#b4769a', '#7b8a83'];
