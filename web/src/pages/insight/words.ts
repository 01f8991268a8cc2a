import { words } from '../../i18n';

words('insight', {
  title: ['洞察', 'Insight'],
  among: ['范围', 'Among'],
  everybody: ['全部客户', 'All customers'],
  as_of: ['站在哪一天', 'As of'],
  now: ['现在', 'Now'],
  export: ['导出', 'Export'],
  picture: ['图片 (PNG)', 'Picture (PNG)'],
  no_such: ['没有这个分析', 'There is no such analysis'],
  empty: ['还没有可分析的订单', 'No orders to analyse yet'],
  import: ['导入文件', 'Import a file'],
  empty_text: ['导入订单后，这里会显示结果。', 'Once orders are imported the result is here.'],
});
