#include "adapters/process/order_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <vector>

#include "adapters/directory/files.h"
#include "adapters/memory/recording_telemetry.h"
#include "adapters/memory/test_folder.h"
#include "exitbus/recovery/v1/order.pb.h"

namespace exitbus::adapters {
namespace {

namespace rv1 = recovery::v1;
using testing::ElementsAre;
using testing::IsEmpty;

class OrderFolderTest : public testing::Test {
 protected:
  void Lay(const std::string& name, const std::string& bytes) {
    std::filesystem::create_directories(data_.path() + "/orders");
    std::ofstream(data_.path() + "/orders/" + name) << bytes;
  }
  void LayOrder(const std::string& id) {
    rv1::Order order;
    order.set_order_id(id);
    Lay(id + ".order", order.SerializeAsString());
  }
  std::vector<std::string> Taken() {
    std::vector<std::string> ids;
    OrderFolder(data_.path())
        .Take(
            [&](const rv1::Order& order) {
              ids.push_back(order.order_id());
              rv1::OrderResult result;
              result.set_carried_out(true);
              result.set_text("done " + order.order_id());
              return result;
            },
            &telemetry_);
    return ids;
  }
  rv1::OrderResult ResultOf(const std::string& id) {
    rv1::OrderResult result;
    const auto bytes = ReadFile(data_.path() + "/orders/" + id + ".result");
    EXPECT_TRUE(bytes.ok() && result.ParseFromString(*bytes)) << bytes.status();
    return result;
  }

  const TestFolder data_;
  RecordingTelemetry telemetry_;
};

TEST_F(OrderFolderTest, EachIsTakenOnceAndAnswered) {
  EXPECT_THAT(Taken(), IsEmpty());
  LayOrder("b");
  LayOrder("a");
  Lay("c.new", "half written");
  EXPECT_THAT(Taken(), ElementsAre("a", "b"));
  EXPECT_EQ(ResultOf("a").text(), "done a");
  EXPECT_THAT(Taken(), IsEmpty());
}

TEST_F(OrderFolderTest, WhatIsNoOrderIsAnsweredSo) {
  Lay("x.order", std::string("\xff\xff\xff", 3));
  EXPECT_THAT(Taken(), IsEmpty());
  EXPECT_FALSE(ResultOf("x").carried_out());
  EXPECT_THAT(ResultOf("x").text(), testing::HasSubstr("order.not_parsed"));
  EXPECT_THAT(Taken(), IsEmpty());
}

}  // namespace
}  // namespace exitbus::adapters
