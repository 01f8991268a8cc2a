// A chart in the console's colours; loaded only where one is shown.
import { BarChart, LineChart, PieChart, SankeyChart } from 'echarts/charts';
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'react';

import { currentLanguage } from '../i18n';
import { useDark } from '../theme/scheme';
import { kPalette } from '../theme/tokens';

echarts.use([BarChart, LineChart, PieChart, SankeyChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export interface Picture {
  dataUrl: () => string;
}

export function Chart({
  label,
  option,
  height,
  onReady,
  onChoose,
}: {
  label: string;
  option: EChartsCoreOption;
  height: number;
  onReady?: (picture: Picture) => void;
  onChoose?: (index: number) => void;
}) {
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<echarts.ECharts | null>(null);
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const dark = useDark();

  useEffect(() => {
    if (!host.current) return;
    const made = echarts.init(host.current, null, { renderer: 'canvas', locale: currentLanguage() === 'en' ? 'EN' : 'ZH' });
    chart.current = made;
    made.on('click', (event) => choose.current?.(event.dataIndex));
    onReady?.({
      dataUrl: () => made.getDataURL({ type: 'png', pixelRatio: 2, backgroundColor: dark ? '#1a1e1b' : '#ffffff' }),
    });
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(host.current);
    return () => {
      observer.disconnect();
      made.dispose();
      chart.current = null;
    };
    // Made once a theme; `onReady` is of the first showing.
  }, [dark]);

  useEffect(() => {
    const ink = dark ? '#a9b2ab' : '#56605a';
    const line = dark ? '#2b312d' : '#e5e6e0';
    const axis = { axisLabel: { color: ink }, axisLine: { lineStyle: { color: line } }, splitLine: { lineStyle: { color: line } } };
    const dressed = (given: unknown) => {
      const { axisLabel, ...own } = given as Record<string, unknown>;
      return { ...axis, ...own, axisLabel: { ...axis.axisLabel, ...(axisLabel as object) } };
    };
    const { xAxis, yAxis, legend, ...rest } = option as Record<string, unknown>;
    chart.current?.setOption(
      {
        color: kPalette,
        textStyle: { color: ink, fontFamily: 'inherit' },
        animationDuration: 200,
        grid: { left: 8, right: 16, top: 24, bottom: 8, containLabel: true },
        // Drawn on the canvas: the page's policy for contents forbids style attributes.
        tooltip: { trigger: 'axis', renderMode: 'richText', confine: true },
        ...(xAxis ? { xAxis: dressed(xAxis) } : {}),
        ...(yAxis ? { yAxis: Array.isArray(yAxis) ? yAxis.map(dressed) : dressed(yAxis) } : {}),
        ...(legend ? { legend: { textStyle: { color: ink }, ...legend } } : {}),
        ...rest,
      },
      { notMerge: true },
    );
  }, [option, dark]);

  return <div ref={host} role="img" aria-label={label} style={{ width: '100%', height }} />;
}
