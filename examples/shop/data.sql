insert into customers (id, email, full_name, country, settings, referred_by, created_at) values
  (1, 'ada@example.org', 'Ada Lindqvist', 'SE', '{"newsletter": true, "theme": "dark"}', null, '2025-09-02 08:15+00'),
  (2, 'bruno@example.org', 'Bruno Keller', 'DE', '{"newsletter": false}', 1, '2025-09-20 12:40+00'),
  (3, 'chiara@example.org', 'Chiara Fontana', 'IT', '{"newsletter": true}', 1, '2025-10-05 17:05+00'),
  (4, 'dmitri@example.org', 'Dmitri Oblonsky', 'LT', '{}', 3, '2025-11-11 09:30+00'),
  (5, 'eloise@example.org', 'Eloise Marchand', 'FR', '{"newsletter": true, "theme": "light"}', null, '2025-12-24 19:00+00'),
  (6, 'femi@example.org', 'Femi Adeyemi', 'DE', '{"newsletter": false}', 2, '2026-01-08 07:45+00');

insert into addresses (id, customer_id, street, city, postal_code, country) values
  (1, 1, 'Kungsgatan 12', 'Stockholm', '111 43', 'SE'),
  (2, 2, 'Lindenstr. 4', 'Berlin', '10969', 'DE'),
  (3, 2, 'Werkhof 1', 'Potsdam', '14467', 'DE'),
  (4, 3, 'Via Garibaldi 7', 'Torino', '10122', 'IT'),
  (5, 4, 'Pilies g. 20', 'Vilnius', '01123', 'LT'),
  (6, 5, '3 rue des Martyrs', 'Paris', '75009', 'FR'),
  (7, 6, 'Hafenweg 31', 'Münster', '48155', 'DE');

insert into categories (id, parent_id, name, slug) values
  (1, null, 'Drinks', 'drinks'), (2, 1, 'Coffee', 'coffee'), (3, 1, 'Tea', 'tea'),
  (4, null, 'Gear', 'gear'), (5, 4, 'Brewing', 'brewing'), (6, 4, 'Tableware', 'tableware'),
  (7, null, 'Sweets', 'sweets');

insert into products (id, sku, title, description, category_id, price, attributes, aliases, embedding, discontinued_at) values
  (1, 'COF-001', 'Ethiopian filter roast', 'Jasmine, bergamot, peach', 2, 14.50, '{"grams": 250, "roast": "light"}', '{"Yirgacheffe"}', '[0.95,0.05,0,0,0,0,0.1,0.5]', null),
  (2, 'COF-002', 'House espresso', 'Chocolate and hazelnut', 2, 12.90, '{"grams": 250, "roast": "dark"}', '{}', '[0.95,0,0.05,0,0,0.1,0.15,0.95]', null),
  (3, 'COF-003', 'Decaf of the month', null, 2, 13.20, '{"grams": 250, "roast": "medium", "caffeine": false}', '{"Decaf"}', '[0.9,0.05,0,0,0,0,0.2,0.1]', null),
  (4, 'TEA-001', 'Sencha', 'Green tea from Uji', 3, 11.00, '{"grams": 100, "origin": "JP"}', '{}', '[0,0.95,0,0,0,0,0.05,0.4]', null),
  (5, 'TEA-002', 'Assam breakfast', 'Malty, strong', 3, 8.40, '{"grams": 200, "origin": "IN"}', '{"Breakfast tea"}', '[0.05,0.95,0,0,0,0,0.05,0.85]', null),
  (6, 'TEA-003', 'Rooibos vanilla', 'No caffeine at all', 3, 7.20, '{"grams": 150, "caffeine": false}', '{}', '[0,0.85,0,0,0,0,0.6,0.05]', null),
  (7, 'GEA-001', 'Press for the road', 'A coffee press in a steel mug', 5, 34.00, '{"material": "steel", "millilitres": 350}', '{"Travel press"}', '[0.5,0.1,0.9,0.1,0.9,0,0,0.4]', null),
  (8, 'GEA-002', 'Hand grinder', 'Ceramic burrs, fits into a backpack', 5, 59.00, '{"material": "ceramic"}', '{}', '[0.7,0,0.85,0,0.7,0,0,0.3]', null),
  (9, 'GEA-003', 'Electric kettle', 'Holds any temperature from 40 to 100 °C', 5, 89.00, '{"watts": 1200, "millilitres": 900}', '{}', '[0.4,0.5,0.9,0,0,1,0,0.1]', null),
  (10, 'GEA-004', 'Espresso machine', '9 bar, one group', 5, 649.00, '{"watts": 1450}', '{}', '[0.8,0,0.95,0,0,0.95,0,0.8]', null),
  (11, 'TAB-001', 'Stoneware cup', 'Thrown by hand', 6, 18.00, '{"material": "stoneware", "millilitres": 180}', '{}', '[0.4,0.4,0,0.95,0,0,0,0.1]', null),
  (12, 'TAB-002', 'Glass teapot', 'With a sieve', 6, 42.00, '{"material": "glass", "millilitres": 1100}', '{}', '[0,0.7,0.6,0.8,0,0,0,0.1]', null),
  (13, 'SWE-001', 'Cantuccini', 'For dunking', 7, 6.50, '{"grams": 200}', '{"Biscotti"}', '[0.2,0.1,0,0,0.1,0,1,0]', null),
  (14, 'SWE-002', 'Candied ginger', null, 7, 5.80, '{"grams": 150}', '{}', '[0,0.25,0,0,0.2,0,0.95,0.3]', '2026-03-01'),
  (15, 'GIF-001', 'Gift voucher', 'A card with a code', 7, 25.00, '{}', '{}', null, null);

insert into tags (id, label) values
  (1, 'organic'), (2, 'bestseller'), (3, 'new'), (4, 'gift'), (5, 'caffeine free');

insert into product_tags (product_id, tag_id) values
  (1, 1), (1, 2), (2, 2), (3, 5), (4, 1), (6, 1), (6, 5), (7, 3), (7, 4), (8, 2), (11, 4), (12, 4),
  (13, 2), (13, 4), (15, 4);

insert into orders (id, customer_id, billing_address_id, shipping_address_id, status, note, placed_at) values
  (1, 1, 1, 1, 'delivered', null, '2026-01-05 10:00+00'),
  (2, 2, 2, 3, 'delivered', 'Leave it with the porter', '2026-01-17 18:30+00'),
  (3, 3, 4, 4, 'refunded', null, '2026-02-02 08:20+00'),
  (4, 2, 2, 2, 'shipped', null, '2026-03-09 21:10+00'),
  (5, 5, 6, 6, 'paid', 'It is a present: no invoice, please', '2026-03-28 15:45+00'),
  (6, 4, 5, 5, 'paid', null, '2026-04-01 06:05+00'),
  (7, 6, 7, 7, 'draft', null, '2026-04-02 11:11+00'),
  (8, 1, 1, 6, 'paid', 'For Eloise', '2026-04-03 13:00+00');

insert into order_lines (order_id, line_no, product_id, quantity, unit_price) values
  (1, 1, 1, 2, 14.50), (1, 2, 8, 1, 59.00), (1, 3, 13, 3, 6.50),
  (2, 1, 2, 4, 12.90), (2, 2, 11, 2, 18.00),
  (3, 1, 9, 1, 95.00),
  (4, 1, 10, 1, 649.00), (4, 2, 2, 2, 12.90),
  (5, 1, 12, 1, 42.00), (5, 2, 4, 2, 11.00), (5, 3, 13, 1, 6.50), (5, 4, 15, 1, 25.00),
  (6, 1, 7, 1, 34.00), (6, 2, 5, 2, 8.40),
  (7, 1, 3, 1, 13.20),
  (8, 1, 6, 2, 7.20), (8, 2, 12, 1, 42.00);

insert into return_requests (id, order_id, line_no, reason, opened_at) values
  (1, 3, 1, 'The lid does not close', '2026-02-10 09:00+00'),
  (2, 2, 2, 'One cup arrived in two halves', '2026-01-22 07:30+00');

insert into payments (id, order_id, method, amount, paid_at) values
  (1, 1, 'card', 107.50, '2026-01-05 10:02+00'), (2, 2, 'invoice', 87.60, '2026-01-30 00:00+00'),
  (3, 3, 'card', 95.00, '2026-02-02 08:21+00'), (4, 4, 'card', 674.80, '2026-03-09 21:12+00'),
  (5, 5, 'gift card', 25.00, '2026-03-28 15:46+00'), (6, 5, 'card', 70.50, '2026-03-28 15:47+00'),
  (7, 6, 'card', 50.80, '2026-04-01 06:07+00'), (8, 8, 'card', 56.40, '2026-04-03 13:01+00');

insert into reviews (product_id, customer_id, rating, body, created_at) values
  (1, 1, 5, 'Like flowers', '2026-01-20 08:00+00'), (2, 2, 4, null, '2026-02-01 08:00+00'),
  (8, 1, 4, 'Slow, but what a cup', '2026-01-25 08:00+00'), (9, 3, 1, 'Broken lid', '2026-02-11 08:00+00'),
  (10, 2, 5, 'My kitchen is a café now', '2026-03-20 08:00+00'),
  (13, 1, 5, 'Gone in a day', '2026-01-12 08:00+00'), (13, 5, 4, null, '2026-04-06 08:00+00');

insert into stock_movements (product_id, delta, reason, moved_at)
  select product_id, case when month = 0 then 60 else -3 - (product_id + month) % 5 end,
    case when month = 0 then 'delivery' else 'sales' end,
    date '2026-01-02' + month * 30
  from generate_series(1, 14) product_id, generate_series(0, 6) month;

insert into crm.staff (id, full_name, manager_id) values
  (1, 'Greta Holm', null), (2, 'Hannes Vogel', 1), (3, 'Ines Rocha', 1);

insert into crm.tickets (id, customer_id, order_id, assignee_id, subject, open_during) values
  (1, 3, 3, 2, 'Kettle with a broken lid', '[2026-02-10 09:00+00,2026-02-12 16:00+00)'),
  (2, 2, 2, 3, 'Broken cup', '[2026-01-22 07:30+00,2026-01-23 12:00+00)'),
  (3, 6, null, null, 'Do you sell decaf espresso?', '[2026-04-02 11:20+00,)');

-- the next rows that the database numbers itself come after these
do $$
declare owned record;
begin
  for owned in
    select c.oid::regclass as tab, pg_get_serial_sequence(c.oid::regclass::text, 'id') as seq
    from pg_class c
    where c.relnamespace in ('public'::regnamespace, 'crm'::regnamespace) and c.relkind in ('r', 'p')
      and not c.relispartition
      and exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'id' and a.attidentity <> '')
  loop
    execute format('select setval(%L, (select max(id) from %s))', owned.seq, owned.tab);
  end loop;
end $$;

refresh materialized view best_sellers;
analyze;
