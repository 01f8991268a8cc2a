import { words } from '../i18n';

words('jobs', {
  state: {
    queued: ['排队中', 'Queued'],
    running: ['进行中', 'Running'],
    awaiting_approval: ['等待审批', 'Awaiting approval'],
    done: ['完成', 'Done'],
    failed: ['失败', 'Failed'],
    cancelled: ['已取消', 'Cancelled'],
  },
  export: ['导出 {{count, number}} 位客户（{{format}}）', 'Export of {{count, number}} customer ({{format}}) | Export of {{count, number}} customers ({{format}})'],
  import: ['导入 {{file}}', 'Import of {{file}}'],
  corrected_row: ['第 {{of}} 次导入改正的第 {{row}} 行', 'Row {{row}} of import {{of}}, corrected'],
  unit: { rows: ['行', 'rows'], customers: ['位客户', 'customers'] },
  ended: {
    interrupted: ['没有做完熟客就停止了，请重新开始。', 'Shuke was stopped before this was done; start it again.'],
    crashed: ['程序出错中断，日志中有详情。', 'Ended by a mistake in the program; the log has more.'],
    cancelled: ['已取消。', 'Cancelled.'],
  },
  cancelling: ['正在取消…', 'Cancelling…'],
  approve: ['去审批', 'To the approval'],
  cancel: ['取消任务', 'Cancel'],
  of: ['{{done}} / {{total}} {{unit}}', '{{done}} of {{total}} {{unit}}'],
  so_far: ['已处理 {{done}} {{unit}}', '{{done}} {{unit}} so far'],
});
