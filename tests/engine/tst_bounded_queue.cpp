// SPDX-License-Identifier: Apache-2.0
#include <QTest>
#include <atomic>
#include <set>
#include <thread>

#include "engine/scheduler/bounded_queue.h"

using shortlist::engine::BoundedQueue;

class BoundedQueueTest : public QObject {
    Q_OBJECT

  private Q_SLOTS:
    void urgentFirst() {
        BoundedQueue<int> queue(10, 1000);
        const std::stop_source stop;
        QVERIFY(queue.push(1, 1, false, stop.get_token()));
        QVERIFY(queue.push(2, 1, false, stop.get_token()));
        QVERIFY(queue.push(3, 1, true, stop.get_token()));
        QCOMPARE(queue.pop(stop.get_token()).value(), 3);
        QCOMPARE(queue.pop(stop.get_token()).value(), 1);
        QCOMPARE(queue.bytes(), size_t{1});
    }

    void boundedInItemsAndBytes() {
        BoundedQueue<int> queue(2, 100);
        int value = 7;
        QVERIFY(queue.tryPush(value, 60, false));
        QVERIFY2(!queue.tryPush(value, 60, false), "60 + 60 bytes do not fit into 100");
        QVERIFY(queue.tryPush(value, 40, false));
        QVERIFY2(!queue.tryPush(value, 0, false), "two items are the limit");
        QVERIFY2(queue.tryPush(value, 500, true), "urgent values never wait");
        BoundedQueue<int> small(2, 10);
        QVERIFY2(small.tryPush(value, 99, false), "a value larger than the bound passes when the queue is empty");
    }

    void fullQueueWaitsAndStops() {
        BoundedQueue<int> queue(1, 100);
        std::stop_source stop;
        QVERIFY(queue.push(1, 1, false, stop.get_token()));
        std::atomic<int> result{-1};
        std::jthread producer([&] { result = queue.push(2, 1, false, stop.get_token()); });
        QCOMPARE(queue.pop(stop.get_token()).value(), 1);
        QTRY_COMPARE(result.load(), 1);
        std::atomic<int> stopped{-1};
        std::jthread blocked([&] { stopped = queue.push(3, 1, false, stop.get_token()); });
        stop.request_stop();
        QTRY_COMPARE(stopped.load(), 0);
        QCOMPARE(queue.size(), size_t{1});
    }

    void reservedWorkerTakesOnlyUrgent() {
        BoundedQueue<int> queue(10, 100);
        std::stop_source stop;
        QVERIFY(queue.push(1, 1, false, stop.get_token()));
        std::atomic<int> got{0};
        std::jthread reserved([&] {
            if (auto value = queue.pop(stop.get_token(), true))
                got = *value;
        });
        QVERIFY(queue.push(9, 1, true, stop.get_token()));
        QTRY_COMPARE(got.load(), 9);
        QCOMPARE(queue.size(), size_t{1});
    }

    void wakeReturnsEmptyHanded() {
        BoundedQueue<int> queue(10, 100);
        std::stop_source stop;
        queue.wake();
        QVERIFY(!queue.pop(stop.get_token()).has_value());
    }

    // Four producers, four consumers: every value arrives once.
    void nothingLost() {
        constexpr int kEach = 5000;
        BoundedQueue<int> queue(16, 1000);
        std::stop_source stop;
        std::mutex mutex;
        std::multiset<int> seen;
        {
            std::vector<std::jthread> consumers, producers;
            for (int c = 0; c < 4; ++c)
                consumers.emplace_back([&] {
                    while (auto value = queue.pop(stop.get_token())) {
                        const std::scoped_lock lock(mutex);
                        seen.insert(*value);
                    }
                });
            for (int p = 0; p < 4; ++p)
                producers.emplace_back([&, p] {
                    for (int i = 0; i < kEach; ++i)
                        queue.push(p * kEach + i, 10, i % 7 == 0, stop.get_token());
                });
            producers.clear();
            QTRY_COMPARE(queue.size(), size_t{0});
            stop.request_stop();
        }
        QCOMPARE(seen.size(), size_t{4 * kEach});
        QCOMPARE(std::set<int>(seen.begin(), seen.end()).size(), size_t{4 * kEach});
    }
};

QTEST_GUILESS_MAIN(BoundedQueueTest)
#include "tst_bounded_queue.moc"
