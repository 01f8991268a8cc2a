// An order export as Taobao's seller centre writes it: GB18030, every cell quoted, blanks at the ends of headings. The
// people are invented; the orders are of the last weeks, so that Today has something to show.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const kHeadings = [
  '订单编号', '买家会员名', '买家支付宝账号', '支付单号', '支付详情', '买家应付货款', '买家应付邮费', '买家支付积分', '总金额', '返点积分',
  '买家实际支付金额', '买家实际支付积分', '订单状态', '买家留言', '收货人姓名', '收货地址 ', '运送方式', '联系电话 ', '联系手机', '订单创建时间',
  '订单付款时间 ', '宝贝标题 ', '宝贝种类 ', '物流单号 ', '物流公司', '订单备注', '宝贝总数量', '店铺Id', '店铺名称', '订单关闭原因',
  '卖家服务费', '买家服务费', '发票抬头', '是否手机订单', '分阶段订单信息', '特权订金订单id', '是否上传合同照片', '是否上传小票', '是否代付',
  '定金排名', '修改后的sku', '修改后的收货地址', '异常信息', '天猫卡券抵扣', '集分宝抵扣', '是否是O2O交易', '退款金额', '确认收货时间', '打款商家金额',
];
const kPlaces = ['浙江省 杭州市 西湖区 示例路1号(310000)', '江苏省 南京市 鼓楼区 示例路2号(210000)', '上海 上海市 徐汇区 示例路3号(200000)', '广东省 深圳市 南山区 示例路4号(518000)'];
const kGoods = ['真丝连衣裙 中长款', '纯棉T恤 白色', '羊毛围巾', '帆布包'];
const kDay = 86_400_000;

export const kPhone = '13912345001';

function shopTime(at) {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
}

export function writeTaobaoFile(path, now = Date.now()) {
  const rows = [];
  for (let order = 0; order < 60; order += 1) {
    const buyer = order % 25;
    const created = now - (order % 20) * kDay * (order % 3 === 0 ? 1 : 4) - 3_600_000;
    const amount = (39 + ((order * 37) % 400)).toFixed(2);
    const unpaid = order % 11 === 10;
    const own = {
      订单编号: `21000000000${String(1000 + order)}`,
      买家会员名: `示例买家${buyer}`,
      买家支付宝账号: `demo${buyer}@example.com`,
      买家应付货款: amount,
      买家应付邮费: '0.00',
      总金额: amount,
      买家实际支付金额: unpaid ? '0.00' : amount,
      订单状态: unpaid ? '等待买家付款' : '交易成功',
      收货人姓名: '张示例',
      收货地址: kPlaces[buyer % kPlaces.length],
      联系电话: "'",
      联系手机: `'${Number(kPhone) + buyer}`,
      订单创建时间: shopTime(created),
      订单付款时间: unpaid ? '' : shopTime(created + 42_000),
      宝贝标题: kGoods[order % kGoods.length],
      宝贝种类: '1',
      宝贝总数量: '1',
      店铺名称: '示例旗舰店',
      是否手机订单: '手机订单',
      订单备注: "'",
      退款金额: '无退款申请',
      打款商家金额: unpaid ? '0.00元' : `${amount}元`,
    };
    // One row that cannot be right, to be corrected in the console.
    if (order === 59) own.总金额 = '12,3a';
    rows.push(kHeadings.map((heading) => own[heading.trim()] ?? ''));
  }
  const text = [kHeadings, ...rows].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\r\n');
  writeFileSync(path, execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GB18030'], { input: `${text}\r\n`, maxBuffer: 1 << 26 }));
  return path;
}
